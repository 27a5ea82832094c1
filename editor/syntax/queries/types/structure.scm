; What types add.

[(interface_body) (enum_body) (object_type)] @fold
[(interface_body) (enum_body) (object_type) (type_parameters)] @indent
(interface_declaration body: (_) @class.inner) @class
(enum_declaration body: (_) @class.inner) @class
(interface_declaration name: (_) @name) @tag.interface
(enum_declaration name: (_) @name) @tag.enum
(type_alias_declaration name: (_) @name) @tag.type
(abstract_class_declaration name: (_) @name body: (_) @class.inner) @class
(abstract_class_declaration name: (_) @name) @tag.class
(internal_module name: (_) @name) @tag.namespace
