#!/bin/sh
# Writes an assembly file that holds the named files, and a table of them:
# struct { const char *name; const char *bytes; size_t n; } embed_files[].
echo '	.section .note.GNU-stack,"",@progbits'
echo '	.section .rodata'
i=0
for f in "$@"; do
	echo "name$i: .asciz \"$f\""
	echo "data$i: .incbin \"$f\""
	echo "end$i: .byte 0"
	i=$((i + 1))
done
echo '	.section .data.rel.ro,"aw"'
echo '	.balign 8'
echo '	.globl embed_files'
echo 'embed_files:'
n=0
while [ $n -lt $i ]; do
	echo "	.quad name$n, data$n, end$n - data$n"
	n=$((n + 1))
done
echo '	.quad 0, 0, 0'
