// Fails early, with one clear sentence, when npm scripts run on a Node that cannot run the sources.
const [major, minor] = process.versions.node.split('.').map(Number);
if (!(major > 22 || (major === 22 && minor >= 18))) {
  console.error(
    `mugi: npm scripts need Node 22.18 or newer and this is ${process.versions.node}. ` +
      'Run "npm ci" without --omit=optional: it installs a suitable Node into node_modules.',
  );
  process.exit(1);
}
