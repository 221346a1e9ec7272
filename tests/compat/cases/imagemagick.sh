# SPDX-License-Identifier: MIT
# ImageMagick: several threads over large buffers, coders loaded at run time.
needs=convert
run() {
    guarded convert -size 300x200 gradient:red-blue -rotate 30 -blur 0x2 -resize 150% -colors 64 +set date:create +set date:modify \
        -depth 8 ppm:- | cksum
}
