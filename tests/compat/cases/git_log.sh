# SPDX-License-Identifier: MIT
# git log with diffs over 300 commits.
needs=git
. "$here/repository.sh"
prepare() {
    make_repository
}
run() {
    guarded git -C repository log -p --stat main
}
