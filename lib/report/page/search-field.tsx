interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

/** A field whose text narrows a list while it is typed. */
export function SearchField({ label, value, placeholder, onChange }: SearchFieldProps) {
  return (
    <label class="search">
      {label}
      <input
        type="search"
        value={value}
        placeholder={placeholder}
        spellcheck={false}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
