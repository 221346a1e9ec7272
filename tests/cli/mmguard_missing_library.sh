# SPDX-License-Identifier: MIT
cp "$BUILD/mmguard" .
./mmguard true 2>&1 | sed "s@$(readlink -f .)@HERE@g" >&2
exit "${PIPESTATUS[0]}"
