# SPDX-License-Identifier: MIT
cp "$BUILD/mmguard" .
./mmguard true 2>&1 | sed "s@$(readlink -f .)@HERE@g; s@, or in /.*;@, or in LIBDIR;@" >&2
exit "${PIPESTATUS[0]}"
