# SPDX-License-Identifier: MIT
# Names, files, lines and inline chains of random addresses against llvm-symbolizer; make oracle does more of it.
for tool in llvm-symbolizer python3 objcopy readelf c++filt; do
    command -v $tool >/dev/null || { echo "no $tool" >&2; exit 77; }
done
python3 "$(dirname "$0")/../symbolizer_oracle.py" --quick >log || cat log
grep -c "^ok" log >/dev/null && ! grep "^FAILED" log && echo "no difference that is not explained"
