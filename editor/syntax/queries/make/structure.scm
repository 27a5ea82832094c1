; Make.

[(rule) (define_directive) (conditional)] @fold
(recipe) @function.inner
(rule (recipe) @function.inner) @function
(comment) @comment
(rule (targets) @name) @tag.target
(variable_assignment name: (_) @name) @tag.variable
