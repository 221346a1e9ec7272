# SPDX-License-Identifier: MIT
# git gc: several children, threads, mapped packs.
needs=git
. "$here/repository.sh"
prepare() {
    make_repository
}
run() {
    guarded git -C repository gc --quiet --aggressive || return
    git -C repository fsck --full 2>&1 | grep -v '^notice'
    git -C repository count-objects -v | grep -v size
}
