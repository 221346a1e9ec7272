# SPDX-License-Identifier: MIT
# Output and status of a clean program are its own, and no temporary file stays.
mkdir tmp
TMPDIR=$PWD/tmp mmguard echo out
echo $?
find tmp
