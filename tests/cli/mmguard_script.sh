# SPDX-License-Identifier: MIT
printf "#!/bin/sh\necho script \$1\n" >a
printf "echo no first line \$1\n" >b
chmod +x a b
mmguard ./a one
mmguard ./b two
