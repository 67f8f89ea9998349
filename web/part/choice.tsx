interface ChoiceProps {
  label: string;
  names: readonly string[];
  value: string;
  /** What stands for a name; the name itself when absent. */
  title?(name: string): string;
  onChoose(name: string): void;
}

/** One of several names. */
export const Choice = ({ label, names, value, title = (name) => name, onChoose }: ChoiceProps) => (
  <label className="choice">
    {label}
    <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      {names.map((name) => (
        <option key={name} value={name}>
          {title(name)}
        </option>
      ))}
    </select>
  </label>
);
