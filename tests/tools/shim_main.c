/*
 * The shim alone as a program: for its tests and its bench.
 */
#include "runtime/shim/shim.h"

int
main(int argc, char **argv)
{
	return wn_shim_main(argc, argv);
}
