# SPDX-License-Identifier: MIT
#
# Sourced by cases that need a git repository of a few hundred commits.
make_repository() {
    export HOME=$PWD GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE="2020-01-01T00:00:00Z" GIT_COMMITTER_DATE="2020-01-01T00:00:00Z"
    # One stream for fast-import is far quicker than 300 commands.
    git init -q repository && {
        for i in {1..300}; do
            printf "commit refs/heads/main\nmark :%d\n" "$i"
            printf "committer A B <a@b> %d +0000\ndata <<END\nchange %d\nEND\n" $((1577836800 + i)) "$i"
            ((i > 1)) && printf "from :%d\n" $((i - 1))
            printf "M 644 inline file%d\ndata <<END\n%s\nEND\n" $((i % 20)) "$(seq "$i" $((i + 200)))"
        done
    } | git -C repository fast-import --quiet
}
