import type { Scale } from './scale.ts';

const VERTEX = `#version 300 es
in float x;
in float y;
in float lit;
uniform vec4 range; // least and most of x, least and most of y
uniform vec4 bounds; // what x and y may be at most and at least: xmin, xmax, ymin, ymax
uniform float size;
uniform vec4 colour;
out vec4 shade;
void main() {
  bool known = x > 0.0 && y > 0.0;
  float u = log(x / range.x) / log(range.y / range.x);
  float v = log(y / range.z) / log(range.w / range.z);
  gl_Position = known ? vec4(2.0 * u - 1.0, 2.0 * v - 1.0, 0.0, 1.0) : vec4(9.0, 9.0, 0.0, 1.0);
  gl_PointSize = size;
  bool inside = x >= bounds.x && x <= bounds.y && y >= bounds.z && y <= bounds.w && lit > 0.5;
  float kept = inside ? 1.0 : 0.16;
  shade = vec4(colour.rgb * colour.a * kept, colour.a * kept);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 shade;
out vec4 pixel;
void main() {
  pixel = shade;
}`;

/** What is drawn of a cloud. */
export interface Painting {
  x: Float32Array;
  y: Float32Array;
  /** 1 for a point that shines, 0 for one that a brush leaves out. */
  lit: Uint8Array;
  /** Ranges of points that have a colour of their own. */
  parts: readonly { from: number; to: number; colour: readonly [number, number, number] }[];
  scales: { x: Scale; y: Scale };
  bounds: { x: readonly [number, number]; y: readonly [number, number] };
  /** Points are larger where there are few. */
  size: number;
  opacity: number;
}

/** Points on a WebGL canvas; undefined where a browser has no WebGL 2. */
export function painter(canvas: HTMLCanvasElement): ((painting: Painting) => void) | undefined {
  const gl = canvas.getContext('webgl2', {
    antialias: false,
    premultipliedAlpha: true,
  });
  if (gl === null) return undefined;
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) return undefined;
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  const [range, bounds, size, colour] = ['range', 'bounds', 'size', 'colour'].map(uniform);
  const attribute = (name: string, type: number): WebGLBuffer => {
    const buffer = gl.createBuffer();
    const place = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 1, type, false, 0, 0);
    return buffer;
  };
  const buffers = {
    x: attribute('x', gl.FLOAT),
    y: attribute('y', gl.FLOAT),
    lit: attribute('lit', gl.UNSIGNED_BYTE),
  };
  return (painting) => {
    const { scales, parts } = painting;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    for (const name of ['x', 'y', 'lit'] as const) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
      gl.bufferData(gl.ARRAY_BUFFER, painting[name], gl.DYNAMIC_DRAW);
    }
    gl.uniform4f(range, scales.x.least, scales.x.most, scales.y.least, scales.y.most);
    gl.uniform4f(bounds, ...painting.bounds.x, ...painting.bounds.y);
    gl.uniform1f(size, painting.size);
    for (const {
      from,
      to,
      colour: [r, g, b],
    } of parts) {
      gl.uniform4f(colour, r, g, b, painting.opacity);
      gl.drawArrays(gl.POINTS, from, to - from);
    }
  };
}

/** The same on a plain canvas, of at most so many points. */
const MOST_PLAIN = 40_000;

export function plainPainter(canvas: HTMLCanvasElement): (painting: Painting) => void {
  return ({ x, y, lit, parts, scales, bounds, size, opacity }) => {
    const context = canvas.getContext('2d');
    if (context === null) return;
    const { width, height } = canvas;
    context.clearRect(0, 0, width, height);
    const step = Math.max(1, Math.ceil(x.length / MOST_PLAIN));
    const share = (value: number, { least, most }: Scale): number =>
      Math.log(value / least) / Math.log(most / least);
    for (const { from, to, colour } of parts) {
      context.fillStyle = `rgb(${colour.map((part) => Math.round(255 * part)).join(' ')})`;
      for (let i = from; i < to; i += step) {
        if (!(x[i] > 0 && y[i] > 0)) continue;
        const inside =
          x[i] >= bounds.x[0] &&
          x[i] <= bounds.x[1] &&
          y[i] >= bounds.y[0] &&
          y[i] <= bounds.y[1] &&
          lit[i] === 1;
        context.globalAlpha = inside ? opacity : 0.16 * opacity;
        context.fillRect(share(x[i], scales.x) * width, (1 - share(y[i], scales.y)) * height, size, size);
      }
    }
  };
}
