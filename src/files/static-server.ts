import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { MugiError } from '../errors.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** What scripts may do that are no page: a worker may compile the kernels, which no policy but its own allows. */
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** Nothing from elsewhere runs, is loaded, is told where the reader was, or frames the page. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

const LOOPBACK = '127.0.0.1';

export interface Served {
  address: string;
  close(): Promise<void>;
}

/**
 * Serves the files of a folder on the loopback interface, each under its own path and nothing else; one that gzip packed
 * (`a.js.gz`) under the name of what is in it, which every browser unpacks. Requests that name
 * another host (DNS rebinding) or come from another origin are refused.
 * @param port 0 for any that is free
 * @param made further files by their path from the folder, made when they are asked for
 * @throws MugiError for a port that is taken or not allowed
 */
export async function serveFolder(
  folder: string,
  port: number,
  made: ReadonlyMap<string, () => Uint8Array> = new Map(),
): Promise<Served> {
  const files = filesOf(folder);
  for (const [path, make] of made) files.set(`/${path}`, make);
  const server = createServer((request, response) => {
    answer(request, response, files, portOf(server));
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        new MugiError({
          code: 'invalid-value',
          message: `cannot listen on port ${port} (${error.code ?? error.message})`,
          path: 'port',
          expected: 'a free port',
          received: String(port),
          nearest: '0, for any free port',
        }),
      ),
    );
    server.listen(port, LOOPBACK, done);
  });
  return {
    address: `http://${LOOPBACK}:${portOf(server)}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A file's path, or what makes its content. */
type Source = string | (() => Uint8Array);

/** Path of a request to the file that answers it, listed once: no path of a request ever reaches the disk. */
function filesOf(folder: string): Map<string, Source> {
  const files = new Map<string, Source>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(`/${name.replaceAll('\\', '/').replace(/\.gz$/, '')}`, path);
  }
  const index = files.get('/index.html');
  if (index !== undefined) files.set('/', index);
  return files;
}

function answer(
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, Source>,
  port: number,
): void {
  const end = (
    status: number,
    body: string | Uint8Array,
    type = 'text/plain; charset=utf-8',
    more: Readonly<Record<string, string>> = {},
  ): void => {
    response.writeHead(status, {
      ...more,
      ...HEADERS,
      ...(type.startsWith('text/javascript') ? { 'Content-Security-Policy': WORKER_POLICY } : {}),
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(method === 'HEAD' ? undefined : body);
  };
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) return end(403, 'another host was asked for\n');
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return end(403, 'pages of other origins get nothing\n');
  }
  if (method !== 'GET' && method !== 'HEAD') return end(405, 'only GET and HEAD\n');
  const path = url.replace(/\?.*$/, '');
  const file = files.get(path);
  if (file === undefined) return end(404, 'there is no such file\n');
  const content = typeof file === 'string' ? readFileSync(file) : file();
  const packed = typeof file === 'string' && file.endsWith('.gz');
  return end(
    200,
    content,
    TYPES[extname(path) || '.html'] ?? 'application/octet-stream',
    packed ? { 'Content-Encoding': 'gzip' } : {},
  );
}
