# SPDX-License-Identifier: MIT
# No bad use leaves a file behind, in the working directory or among temporary files.
mkdir tmp
export TMPDIR=$PWD/tmp
mmguard --nonsense true
mmguard ./nothing
mmguard /no/such/thing
mmguard --library=nothing true
find . -type f
find tmp
