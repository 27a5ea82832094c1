# The contract compiler's own fixture: its output under $(B)/sample, for tests/unit/schemas.
SAMPLE_DIR := tests/unit/schemas/fixture
SAMPLE_IN  := $(shell find -L $(SAMPLE_DIR) -type f)
$(B)/sample/libgen.a: $(B)/wn-gen $(SAMPLE_IN) $(wildcard runtime/abi/*.h runtime/base/*.h)
	@mkdir -p $(B)/sample/gen
	$(Q)$(B)/wn-gen --out $(B)/sample/gen $(SAMPLE_DIR)/schemas $(SAMPLE_DIR)/sample
	$(Q)$(MAKE) --no-print-directory -f tests/lib/gen.mk B=$(B)/sample CC="$(CC)" \
		CPPFLAGS_ALL='-I$(B)/sample $(CPPFLAGS_ALL)' CFLAGS_ALL='$(CFLAGS_ALL)' AR="$(AR)" Q="$(Q)" $@
	@touch $@
$(B)/obj/tests/unit/schemas/%.o: CPPFLAGS_ALL := -I$(B)/sample $(CPPFLAGS_ALL)
$(B)/obj/tests/unit/schemas/sample_test.o: $(B)/sample/libgen.a
