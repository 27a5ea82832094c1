// The words of the pages themselves. Labels of things come from the blueprint.
export const messages = {
	en: {
		signIn: 'Sign in', signUp: 'Sign up', signOut: 'Sign out', noAccount: 'No account yet?', haveAccount: 'Have an account?',
		search: 'Search', filter: 'Show', any: 'Any', clear: 'Clear', sortBy: 'Sort by', ascending: 'ascending', descending: 'descending',
		create: 'New', edit: 'Edit', remove: 'Delete', save: 'Save', cancel: 'Cancel', more: 'Show more', open: 'Open', back: 'Back', choose: 'Choose…', add: 'Add',
		loading: 'Loading…', empty: 'Nothing here yet.', saved: 'Saved.', removed: 'Deleted.', done: 'Done.', yes: 'Yes', no: 'No', comma: ', ', actions: 'Actions',
		sureTitle: 'Delete this?', sureText: 'This cannot be undone.', notFoundTitle: 'There is no such page', forbiddenTitle: 'This is not for you', skip: 'Skip to content',
		menu: 'Main', language: 'Language', createdAt: 'Created', updatedAt: 'Changed', id: 'Number', required: 'required', total: 'on this page', atLeast: 'at least',
		errors: {
			required: 'Fill this in.', tooShort: 'This is too short.', tooLong: 'This is too long.', tooSmall: 'This is too small.', tooLarge: 'This is too large.',
			invalid: 'This is not right.', taken: 'This is taken already.', unknown: 'There is no such thing.', notAllowed: 'This is not allowed.', notPossible: 'This is not possible right now.',
			unauthenticated: 'Sign in first.', forbidden: 'You may not do this.', notFound: 'It is not there any more.', wrongCredentials: 'Name or password is wrong.',
			inUse: 'It is still in use.', wrongState: 'It is not in a state that allows this.', changedMeanwhile: 'Somebody changed it meanwhile. Look again.',
			tooMany: 'Too many tries. Wait a moment.', network: 'The server does not answer.', other: 'Something went wrong.',
		},
	},
	ar: {
		signIn: 'تسجيل الدخول', signUp: 'إنشاء حساب', signOut: 'تسجيل الخروج', noAccount: 'ليس لديك حساب؟', haveAccount: 'لديك حساب؟',
		search: 'بحث', filter: 'عرض', any: 'الكل', clear: 'مسح', sortBy: 'ترتيب حسب', ascending: 'تصاعدي', descending: 'تنازلي',
		create: 'جديد', edit: 'تعديل', remove: 'حذف', save: 'حفظ', cancel: 'إلغاء', more: 'عرض المزيد', open: 'فتح', back: 'رجوع', choose: 'اختر…', add: 'إضافة',
		loading: 'جارٍ التحميل…', empty: 'لا شيء هنا بعد.', saved: 'تم الحفظ.', removed: 'تم الحذف.', done: 'تم.', yes: 'نعم', no: 'لا', comma: '، ', actions: 'إجراءات',
		sureTitle: 'هل تريد الحذف؟', sureText: 'لا يمكن التراجع عن هذا.', notFoundTitle: 'لا توجد صفحة كهذه', forbiddenTitle: 'هذه الصفحة ليست لك', skip: 'انتقل إلى المحتوى',
		menu: 'القائمة', language: 'اللغة', createdAt: 'أُنشئ', updatedAt: 'عُدّل', id: 'الرقم', required: 'مطلوب', total: 'في هذه الصفحة', atLeast: 'على الأقل',
		errors: {
			required: 'هذا الحقل مطلوب.', tooShort: 'النص أقصر من اللازم.', tooLong: 'النص أطول من اللازم.', tooSmall: 'القيمة أصغر من اللازم.', tooLarge: 'القيمة أكبر من اللازم.',
			invalid: 'القيمة غير صحيحة.', taken: 'هذه القيمة مستخدمة من قبل.', unknown: 'لا يوجد شيء كهذا.', notAllowed: 'هذا غير مسموح.', notPossible: 'هذا غير ممكن الآن.',
			unauthenticated: 'سجّل الدخول أولًا.', forbidden: 'ليس لديك إذن.', notFound: 'لم يعد موجودًا.', wrongCredentials: 'الاسم أو كلمة المرور غير صحيحة.',
			inUse: 'ما زال مستخدمًا.', wrongState: 'حالته لا تسمح بهذا.', changedMeanwhile: 'غيّره شخص آخر. انظر مرة أخرى.',
			tooMany: 'محاولات كثيرة. انتظر قليلًا.', network: 'الخادم لا يجيب.', other: 'حدث خطأ ما.',
		},
	},
};
