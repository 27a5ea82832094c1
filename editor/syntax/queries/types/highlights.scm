; What TypeScript adds.

(type_identifier) @type
(predefined_type) @type.builtin
[(this_type) (existential_type)] @type.builtin
(nested_identifier object: (identifier) @namespace)
(internal_module name: (_) @namespace)
(required_parameter pattern: (identifier) @parameter)
(optional_parameter pattern: (identifier) @parameter)
(required_parameter pattern: (rest_pattern (identifier) @parameter))
(required_parameter pattern: (object_pattern (shorthand_property_identifier_pattern) @parameter))
(function_signature name: (identifier) @function)
(method_signature name: (property_identifier) @function)
(abstract_method_signature name: (property_identifier) @function)
(public_field_definition name: (property_identifier) @function value: (arrow_function))
(enum_body (property_identifier) @constant)
(enum_assignment name: (property_identifier) @constant)
(literal_type [(null) (undefined) (true) (false)] @constant.builtin)

[
  "abstract" "accessor" "asserts" "declare" "enum" "global" "implements" "infer" "interface" "is" "keyof"
  "module" "namespace" "override" "private" "protected" "public" "readonly" "require" "satisfies"
  "type" "unique symbol"
] @keyword
(accessibility_modifier) @keyword
(override_modifier) @keyword
["?:" "-?:" "+?:"] @operator
