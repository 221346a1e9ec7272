# SPDX-License-Identifier: MIT
# emacs: a collector that scans its stack, a dumped heap.
needs=emacs
run() {
    HOME=$PWD guarded emacs -Q --batch --eval '(progn
        (with-temp-buffer (dotimes (i 5000) (insert (format "line %d\n" i))) (sort-lines t (point-min) (point-max))
            (princ (format "%d %s\n" (buffer-size) (md5 (buffer-string)))))
        (garbage-collect) (require (quote org)) (princ (org-version)))'
}
