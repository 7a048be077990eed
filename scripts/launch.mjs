// @ts-check
// Runs a file of this repository under the pinned Node, installing what is missing first.
// Usage: node scripts/launch.mjs FILE [ARGUMENT...], or without a file to install only.
// Plain JavaScript without dependencies: on a fresh clone there is nothing else yet, and any Node >= 18 may run it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.installed-lockfile');
const pinnedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const lock = join(root, '.tmp', 'installing.pid');
const NEEDED_BYTES = 3e9;

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

/** Everything that decides what `npm ci` installs. */
function lockfileHash() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'package.json']) {
    hash.update(dependenciesOnly(file));
  }
  return hash.digest('hex');
}

/** A changed script or description in package.json is no reason to install again. @param {string} file */
function dependenciesOnly(file) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file !== 'package.json') return text;
  const { dependencies, devDependencies, overrides, allowScripts } = JSON.parse(text);
  return JSON.stringify({ dependencies, devDependencies, overrides, allowScripts });
}

function installed() {
  return existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileHash();
}

function checkDisk() {
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  if (existsSync(modules) || free >= NEEDED_BYTES) return;
  fail(
    `Too little disk space: the first installation needs about ${NEEDED_BYTES / 1e9} GB and ${root} has ` +
      `${(free / 1e9).toFixed(1)} GB left. Free some space, or move the repository to another disk, and run it again.`,
  );
}

/**
 * Progress goes to stderr, once a second on a terminal and every 15 s elsewhere.
 * @param {string} label
 */
function showProgress(label) {
  const begin = Date.now();
  const seconds = () => Math.round((Date.now() - begin) / 1000);
  const tty = process.stderr.isTTY;
  process.stderr.write(tty ? `  … ${label}` : `  … ${label}\n`);
  const timer = setInterval(
    () =>
      process.stderr.write(tty ? `\r  … ${label} (${seconds()} s)` : `  … still at it (${seconds()} s)\n`),
    tty ? 1000 : 15_000,
  );
  return (/** @type {string} */ outcome) => {
    clearInterval(timer);
    process.stderr.write(`${tty ? '\r' : ''}  ${outcome} ${label} (${seconds()} s)\n`);
  };
}

function install() {
  checkDisk();
  const log = join(tmpdir(), `meridian-install-${process.pid}.log`);
  const output = openSync(log, 'w');
  const hashBefore = lockfileHash();
  const done = showProgress('installing packages; the first time takes some two minutes');
  return new Promise((resolve) => {
    // Building and testing need all packages, whatever NODE_ENV of the shell; `npm run prune` takes those out again.
    const npm = spawn('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-update-notifier'], {
      cwd: root,
      stdio: ['ignore', output, output],
      shell: process.platform === 'win32',
    });
    const forward = (/** @type {NodeJS.Signals} */ signal) => void npm.kill(signal);
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM']);
    for (const signal of signals) process.on(signal, forward);
    npm.on('error', (error) => {
      done('✗');
      fail(`npm could not be started (${error.message}). Install Node.js with npm from https://nodejs.org/.`);
    });
    npm.on('close', (code, signal) => {
      closeSync(output);
      for (const name of signals) process.off(name, forward);
      if (code !== 0) {
        done('✗');
        if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(signal === 'SIGINT' ? 130 : 143);
        fail(
          `Installing the packages failed; this is the end of what npm said (all of it: ${log}):\n\n` +
            `${lastLines(log)}\n\nMost often the network is at fault: check that "npm ping" answers, and run it again.`,
        );
      }
      if (!existsSync(pinnedNode)) {
        done('✗');
        fail(
          `npm installed the packages but not the pinned Node (${pinnedNode}). Its install script was skipped: ` +
            'look for "ignore-scripts=true" in "npm config ls", set it to false, delete node_modules, and run it again.',
        );
      }
      writeFileSync(stamp, hashBefore);
      rmSync(log, { force: true });
      done('✓');
      resolve(undefined);
    });
  });
}

/** Two installations at once would destroy each other's work: the second waits, and finds everything there. */
async function installOnce() {
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !claimLock();) {
    if (!told) process.stderr.write('  … waiting for the installation that another command is doing\n');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const giveBack = () => rmSync(lock, { force: true });
  process.on('exit', giveBack);
  if (!installed()) await install();
  process.off('exit', giveBack);
  giveBack();
}

function claimLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (existsSync(lock) && !isRunning(lockOwner())) rmSync(lock, { force: true });
    return false;
  }
}

/** The lock may go away at any moment; our own id stands for "somebody was there just now". */
function lockOwner() {
  try {
    return Number(readFileSync(lock, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {string} file */
function lastLines(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line.trim() && !line.includes('EBADENGINE'))
    .slice(-15)
    .join('\n');
}

/** @param {string} file @param {string[]} args */
function run(file, args) {
  const bins = [join(modules, '.bin'), dirname(pinnedNode)];
  const separator = process.platform === 'win32' ? ';' : ':';
  // The sources of the CMS are compiled to CommonJS, so its package says no module type.
  const quiet = ['ExperimentalWarning', 'MODULE_TYPELESS_PACKAGE_JSON'].map(
    (name) => `--disable-warning=${name}`,
  );
  const child = spawn(pinnedNode, [...quiet, join(root, file), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: [...bins, process.env.PATH].join(separator), ASTRO_TELEMETRY_DISABLED: '1' },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // On Ctrl-C the terminal signals the whole group itself; a second signal would mean "at once".
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) =>
    fail(`The pinned Node could not be started: ${error.message}. Delete node_modules and run it again.`),
  );
  child.on('close', (code, signal) => {
    process.exit(signal === 'SIGINT' ? 130 : signal ? 143 : (code ?? 1));
  });
}

const [file, ...args] = process.argv.slice(2);
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  fail(
    `Node ${process.versions.node} is too old. Install Node 18 or later from https://nodejs.org/ and run it again.`,
  );
}
if (!installed()) await installOnce();
if (file) run(file, args);
