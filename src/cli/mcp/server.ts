import {
  fromJsonSchema,
  type JsonSchemaType,
  type JsonSchemaValidator,
  type jsonSchemaValidator,
  McpServer,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Sources } from '../../question/point.ts';
import { version } from '../../version.ts';
import { detailsOf } from '../serve/reply.ts';
import type { Tool } from './tool.ts';
import { call, TOOLS } from './tools.ts';

const INSTRUCTIONS =
  'mugi models value-level-parallel accelerators for language models and their rivals: speed, energy, area and carbon. Numbers are deterministic. Ask "why" for where one comes from before you rely on it; notes of a result say what it leaves out.';

/** Arguments reach the tools as they are: a question's own check says more than a schema does, with the nearest valid value. */
const UNCHECKED: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
  },
};

/** Serves the tools on standard input and output until the input ends. */
export function serveTools(sources: Sources): void {
  serveStdio(() => {
    const server = new McpServer({ name: 'mugi', version }, { instructions: INSTRUCTIONS });
    for (const tool of TOOLS) register(server, tool, sources);
    return server;
  });
}

function register(server: McpServer, tool: Tool, sources: Sources): void {
  const { name, description, properties, required = [] } = tool;
  const schema = { type: 'object', properties, required: [...required], additionalProperties: false };
  server.registerTool(
    name,
    {
      description,
      inputSchema: fromJsonSchema<Record<string, unknown>>(schema as JsonSchemaType, UNCHECKED),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async (given) => {
      try {
        return textOf(await call(tool, given, sources));
      } catch (error) {
        return { ...textOf({ error: detailsOf(error) }), isError: true };
      }
    },
  );
}

/** As text for agents, and as data for programs. */
function textOf(result: object) {
  const json = JSON.stringify(result);
  return {
    content: [{ type: 'text' as const, text: json }],
    structuredContent: JSON.parse(json) as Record<string, unknown>,
  };
}
