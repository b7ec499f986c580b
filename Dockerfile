# An image with postmend, and git for `--staged`, `--changed` and `--since`. docs/ci.md shows how it is used.
# Pinned by digest: a tag may come to name another image. The compiler is that of the workflows.
FROM rust:1.95.0-bookworm@sha256:6258907abe69656e41cd992e0b705cdcfabcbbe3db374f92ed2d47121282d4a1 AS build
WORKDIR /source
COPY . .
RUN cargo install --locked --profile dist --path crates/cli --root /built

# As of 18 September 2026. Debian mends security in newer ones, so renew it for every release.
FROM debian:bookworm-slim@sha256:3783cc01769c7b2b1b83a5c5ad96c815348e28ed7da68e2e3687004faa906251
# Whatever Debian has of them will do.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  # Who runs the image seldom owns the posts, and git would refuse to read them.
  && git config --system --add safe.directory '*' \
  && useradd --uid 1000 --create-home postmend
COPY --from=build /built/bin/postmend /usr/local/bin/postmend
COPY LICENSE-MIT LICENSE-APACHE THIRD-PARTY-NOTICES.txt /usr/share/doc/postmend/
LABEL org.opencontainers.image.source=https://github.com/postmend/postmend
USER 1000
WORKDIR /posts
ENTRYPOINT ["postmend"]
CMD ["check"]
