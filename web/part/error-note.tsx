import type { MugiError } from '../../src/errors.ts';

/** A mistake as the command line tells it. */
export function ErrorNote({ error }: { error: MugiError }) {
  const { path, message, expected, received, nearest } = error.details;
  return (
    <div className="error" role="alert">
      <p>
        <strong>{message}.</strong>
      </p>
      <dl>
        {path !== undefined && <Row name="at" text={path} />}
        {expected !== undefined && <Row name="expected" text={expected} />}
        {received !== undefined && <Row name="received" text={received} />}
        {nearest !== undefined && <Row name="did you mean" text={nearest} />}
      </dl>
    </div>
  );
}

const Row = ({ name, text }: { name: string; text: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{text}</dd>
  </div>
);
