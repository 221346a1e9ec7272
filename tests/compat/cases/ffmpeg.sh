# SPDX-License-Identifier: MIT
# ffmpeg: vector code on aligned buffers that it reads in whole registers, threads, a chain of filters.
needs=ffmpeg
run() {
    guarded ffmpeg -v error -nostdin -threads 2 -f lavfi -i testsrc=duration=2:size=160x120:rate=10 -f lavfi -i sine=duration=2 \
        -vf scale=96:64,hflip -c:v mpeg4 -flags +bitexact -c:a aac -fflags +bitexact -y out.mkv &&
        guarded ffmpeg -v error -nostdin -i out.mkv -map 0:v -f framemd5 -
}
