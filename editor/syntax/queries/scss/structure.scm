; SCSS.

[(block) (comment)] @fold
(block) @indent
"}" @dedent
(mixin_statement (block) @function.inner) @function
(function_statement (block) @function.inner) @function
(rule_set (block) @class.inner) @class
(parameter) @parameter
(argument) @parameter
[(comment) (js_comment)] @comment
(rule_set (selectors) @name) @tag.rule
(mixin_statement name: (_) @name) @tag.mixin
(function_statement name: (_) @name) @tag.function
