"""The parts of the headline measurement, `./coupbiz bench order`: contenders, floors, and what is read off each."""
