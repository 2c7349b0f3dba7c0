"""Demo data: a catalogue with pictures, message templates, the first operator."""
