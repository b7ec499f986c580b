# Prints what Jekyll makes of each post.
require "json"

Jekyll::Hooks.register :site, :post_read do |site|
  site.posts.docs.each do |post|
    date = post.date.getutc.strftime("%Y-%m-%dT%H:%M:%S.%LZ")
    puts JSON.generate(file: post.basename, title: post.data["title"].to_s, date: date, tags: post.data["tags"].sort)
  end
end
