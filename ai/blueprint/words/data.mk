# The templates and the ontology, carried inside the engine.
BLUEPRINT_DATA := $(sort $(wildcard ai/blueprint/words/data/*.json ai/blueprint/words/data/*/*.json))
$(B)/gen-pack/blueprint_data.c: ai/blueprint/words/embed.sh $(BLUEPRINT_DATA)
	@mkdir -p $(@D)
	$(Q)sh ai/blueprint/words/embed.sh ai/blueprint/words/data > $@.tmp && mv $@.tmp $@
$(B)/obj/blueprint_data.o: $(B)/gen-pack/blueprint_data.c ai/blueprint/words/data.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<
$(B)/libmodules.a: $(B)/obj/blueprint_data.o
