# SPDX-License-Identifier: MIT
# An error in a child counts, though the parent is clean and ends with 0.
mmguard -q sh -c "\"\$SAMPLES/leak_cycle\"; true"
