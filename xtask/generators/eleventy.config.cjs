// Prints what Eleventy makes of each post.
module.exports = config => {
  config.addCollection('printed', collections => {
    for (const item of collections.getAll()) {
      const { title, tags = [] } = item.data;
      const file = item.inputPath.split('/').pop();
      console.log(JSON.stringify({ file, title, date: item.date.toISOString(), tags: [].concat(tags).sort() }));
    }
    return [];
  });
};
