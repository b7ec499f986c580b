# An image with postmend, and git for `--staged`, `--changed` and `--since`. docs/ci.md shows how it is used.
FROM rust:1.91-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo install --locked --profile dist --path crates/cli --root /built

FROM debian:bookworm-slim
# Whatever Debian has of them will do.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  # Who runs the image seldom owns the posts, and git would refuse to read them.
  && git config --system --add safe.directory '*' \
  && useradd --uid 1000 --create-home postmend
COPY --from=build /built/bin/postmend /usr/local/bin/postmend
LABEL org.opencontainers.image.source=https://github.com/postmend/postmend
USER 1000
WORKDIR /posts
ENTRYPOINT ["postmend"]
CMD ["check"]
