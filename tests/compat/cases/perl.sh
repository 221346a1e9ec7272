# SPDX-License-Identifier: MIT
# Perl: a hash of 200,000 entries, each with blocks of its own.
needs=perl
quick=1
run() {
    guarded perl -e 'my $n = shift; my %h; $h{"key $_"} = "value $_" for 1 .. $n;
        my $s = 0; $s += length $h{$_} for sort keys %h; print scalar(keys %h), " $s\n"' \
        "$([[ ${QUICK:-} ]] && echo 20000 || echo 200000)"
}
