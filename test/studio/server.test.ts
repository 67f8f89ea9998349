import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serveFolder } from '../../src/files/static-server.ts';
import { STUDIO_DATA } from '../../src/accuracy/data/studio-data.ts';
import { readKernel } from '../../src/kernel/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-served-'));
mkdirSync(join(folder, 'site/assets'), { recursive: true });
writeFileSync(join(folder, 'secret.txt'), 'secret');
writeFileSync(join(folder, 'site/index.html'), '<h1>studio</h1>');
writeFileSync(join(folder, 'site/assets/a.js'), 'export {};');
writeFileSync(join(folder, 'site/assets/b.js.gz'), gzipSync('export {};'));

interface Answer {
  status: number;
  body: string;
  headers: Record<string, unknown>;
}

/** A request whose path is sent as it is written. */
const ask = ({ address }: Served, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answer>((done, fail) => {
    const { port } = new URL(address);
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (part: Buffer) => {
        body += part.toString();
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body, headers: response.headers }));
    })
      .on('error', fail)
      .end();
  });

describe('the server of the studio', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveFolder(join(folder, 'site'), 0, STUDIO_DATA);
  });
  afterAll(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  it('gives out its files, with a policy that forbids foreign and inline scripts', async () => {
    const page = await ask(served, '/?from=mail');
    expect(page).toMatchObject({ status: 200, body: '<h1>studio</h1>' });
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect((await ask(served, '/assets/a.js')).headers['content-type']).toContain('javascript');
    expect((await ask(served, '/assets/b.js')).headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript'),
    });
    expect(await ask(served, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('makes the data of embedded models when they are asked for, and lets workers alone compile', async () => {
    const { status, headers } = await ask(served, '/data/kernel/plain.wasm');
    expect({ status, type: headers['content-type'], length: Number(headers['content-length']) }).toEqual({
      status: 200,
      type: 'application/wasm',
      length: readKernel('plain').length,
    });
    const { body } = await ask(served, '/data/models/mugi-tiny/config.json');
    expect(JSON.parse(body)).toMatchObject({ model_type: 'llama' });
    const worker = (await ask(served, '/assets/a.js')).headers['content-security-policy'];
    expect(worker).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect((await ask(served, '/data/models/../secret.txt')).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets',
    '//etc/passwd',
    '/index.html/',
    '/\\..\\secret.txt',
    '/constructor',
  ])('refuses the path %s', async (path) => {
    const { status, body } = await ask(served, path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  it.each([
    [{ Host: 'example.org' }, 403],
    [{ Host: 'example.org:80' }, 403],
    [{ Origin: 'http://example.org' }, 403],
    [{ Origin: 'null' }, 403],
  ])('refuses requests of %o', async (headers, status) => {
    expect((await ask(served, '/', headers as Record<string, string>)).status).toBe(status);
  });

  it('changes nothing, and names a port that is taken', async () => {
    expect((await ask(served, '/', {}, 'POST')).status).toBe(405);
    const port = Number(new URL(served.address).port);
    await expect(serveFolder(join(folder, 'site'), port)).rejects.toThrow(
      `cannot listen on port ${port} (EADDRINUSE)`,
    );
    expect(new URL(served.address).hostname).toBe('127.0.0.1');
  });
});
