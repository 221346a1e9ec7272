# SPDX-License-Identifier: MIT
mkdir elsewhere && cp "$BUILD/mmguard" elsewhere
elsewhere/mmguard --library="$BUILD/libguard.so" echo started
