# SPDX-License-Identifier: MIT
mmguard mmguard-no-such-program
# A folder of PATH that may not be searched is passed over; root may search all.
mkdir closed
chmod 0 closed
PATH=$PWD/closed:$PATH mmguard mmguard-no-such-program
