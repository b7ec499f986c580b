// Prints what Hexo makes of each post: hexo.cjs NODE_MODULES SITE
const [modules, site] = process.argv.slice(2);
const Hexo = require(modules + '/hexo');

const hexo = new Hexo(site, { silent: true });
// Without a renderer of Markdown, Hexo takes posts for assets.
hexo.extend.renderer.register('md', 'html', data => data.text, true);
hexo
  .init()
  .then(() => hexo.load())
  .then(() => {
    hexo.locals.get('posts').forEach(post => {
      const file = post.source.split('/').pop();
      const tags = post.tags.map(tag => tag.name).sort();
      console.log(JSON.stringify({ file, title: post.title, date: post.date.toISOString(), tags }));
    });
    return hexo.exit();
  });
