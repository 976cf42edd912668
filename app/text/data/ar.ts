<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar" sourcelanguage="en">
    <context>
        <name>vision.atomic_write</name>
        <message>
            <source>it is a folder</source>
            <translation>هذا مجلد</translation>
        </message>
    </context>
    <context>
        <name>vision.camera.capture</name>
        <message>
            <source>No camera was found.</source>
            <translation>لم يُعثر على كاميرا.</translation>
        </message>
        <message>
            <source>Connect one and try again, or open a photograph instead.</source>
            <translation>يُرجى توصيل كاميرا ثم إعادة المحاولة، أو فتح صورة بدلًا من ذلك.</translation>
        </message>
        <message>
            <source>This camera is not connected.</source>
            <translation>هذه الكاميرا غير موصولة.</translation>
        </message>
        <message>
            <source>Connect it and try again, or choose another one.</source>
            <translation>يُرجى توصيلها ثم إعادة المحاولة، أو اختيار كاميرا أخرى.</translation>
        </message>
        <message>
            <source>The camera cannot be opened.</source>
            <translation>تعذر فتح الكاميرا.</translation>
        </message>
        <message>
            <source>Close other programs that use it, allow this program to use it in the settings of your computer, then try again.</source>
            <translation>يُرجى إغلاق البرامج الأخرى التي تستخدمها، والسماح لهذا البرنامج باستخدامها في إعدادات الحاسوب، ثم إعادة المحاولة.</translation>
        </message>
        <message>
            <source>The camera sends no pictures any more.</source>
            <translation>لم تعد الكاميرا ترسل صورًا.</translation>
        </message>
        <message>
            <source>Check its cable and that no other program took it over, then try again.</source>
            <translation>يُرجى التأكد من الكابل ومن أن برنامجًا آخر لا يستخدمها، ثم إعادة المحاولة.</translation>
        </message>
        <message>
            <source>There is no such film.</source>
            <translation>لا يوجد فيديو كهذا.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>يُرجى التحقق من الاسم ومن المجلد الذي يُفترض أن يكون فيه.</translation>
        </message>
        <message>
            <source>The film cannot be played.</source>
            <translation>تعذر تشغيل الفيديو.</translation>
        </message>
        <message>
            <source>Choose one saved as MP4 or AVI.</source>
            <translation>يُرجى اختيار فيديو محفوظ بصيغة MP4 أو AVI.</translation>
        </message>
        <message>
            <source>Nothing answers at this address.</source>
            <translation>لا استجابة من هذا العنوان.</translation>
        </message>
        <message>
            <source>Check the address, and that the camera there is on and in the same network.</source>
            <translation>يُرجى التحقق من العنوان، ومن أن الكاميرا قيد التشغيل وعلى الشبكة نفسها.</translation>
        </message>
        <message>
            <source>The camera wants a name and a password.</source>
            <translation>تطلب الكاميرا اسم مستخدم وكلمة مرور.</translation>
        </message>
        <message>
            <source>Type the address again with both in it, such as http://NAME:PASSWORD@192.168.0.20/video.</source>
            <translation>تُرجى كتابة العنوان من جديد متضمنًا كليهما، مثل: ‎http://NAME:PASSWORD@192.168.0.20/video‎.</translation>
        </message>
        <message>
            <source>There are no pictures to be had at this address.</source>
            <translation>لا تتوفر صور في هذا العنوان.</translation>
        </message>
        <message>
            <source>Look in the camera's settings for the address of its MJPEG or RTSP stream.</source>
            <translation>يُرجى البحث في إعدادات الكاميرا عن عنوان بثّها بصيغة MJPEG أو RTSP.</translation>
        </message>
        <message>
            <source>The camera's pictures are damaged or far too large.</source>
            <translation>صور الكاميرا تالفة أو كبيرة جدًّا.</translation>
        </message>
        <message>
            <source>Choose smaller pictures in the camera's settings, then start the camera again.</source>
            <translation>يُرجى اختيار صور أصغر في إعدادات الكاميرا، ثم تشغيلها من جديد.</translation>
        </message>
        <message>
            <source>The camera has stopped sending new pictures.</source>
            <translation>توقفت الكاميرا عن إرسال صور جديدة.</translation>
        </message>
        <message>
            <source>Wait a moment; if none come, check its cable or its network.</source>
            <translation>يُرجى الانتظار لحظة، وإن لم تصل صور فيُرجى التحقق من الكابل أو الشبكة.</translation>
        </message>
        <message>
            <source>The camera's picture is black.</source>
            <translation>صورة الكاميرا سوداء.</translation>
        </message>
        <message>
            <source>Take the cover off the lens, and switch on a light.</source>
            <translation>يُرجى نزع غطاء العدسة وإضاءة المكان.</translation>
        </message>
        <message>
            <source>The camera sends the same picture again and again.</source>
            <translation>ترسل الكاميرا الصورة نفسها مرارًا.</translation>
        </message>
        <message>
            <source>If it does not recover by itself, unplug the camera and plug it in again, or start the camera app again.</source>
            <translation>إن لم تعد إلى العمل من تلقاء نفسها، فيُرجى فصل الكاميرا ثم توصيلها، أو تشغيل تطبيق الكاميرا من جديد.</translation>
        </message>
        <message>
            <source>The film has ended.</source>
            <translation>انتهى الفيديو.</translation>
        </message>
        <message>
            <source>Start it again.</source>
            <translation>يُرجى تشغيله من جديد.</translation>
        </message>
        <message>
            <source>There is no camera with the number {number}.</source>
            <translation>لا توجد كاميرا بالرقم {number}.</translation>
        </message>
        <message>
            <source>There is no camera and no film called '{name}'.</source>
            <translation>لا توجد كاميرا ولا فيديو باسم «‎{name}».</translation>
        </message>
        <message>
            <source>Several cameras have a name that begins with '{name}'.</source>
            <translation>هناك أكثر من كاميرا يبدأ اسمها بـ «‎{name}».</translation>
        </message>
        <message>
            <source>No camera is connected; connect one, or give a film or the address of a stream.</source>
            <translation>لا كاميرا موصولة. يُرجى توصيل كاميرا، أو إعطاء فيديو أو عنوان بثّ.</translation>
        </message>
        <message>
            <source>Connected: {cameras}.</source>
            <translation>الموصول: {cameras}.</translation>
        </message>
    </context>
    <context>
        <name>vision.marks.points</name>
        <message>
            <source>The ASIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>نقطة ASIS عند ({x:g}، {y:g}) خارج الصورة.</translation>
        </message>
        <message>
            <source>The PSIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>نقطة PSIS عند ({x:g}، {y:g}) خارج الصورة.</translation>
        </message>
        <message>
            <source>The ASIS point and the PSIS point are the same.</source>
            <translation>نقطة ASIS ونقطة PSIS في الموضع نفسه.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back.</source>
            <translation>تعليم النتوء العظمي الأمامي والنقرة الخلفية.</translation>
        </message>
        <message>
            <source>An end of the vertical ({x:g}, {y:g}) is outside the picture.</source>
            <translation>أحد طرفي خط الشاقول، عند ({x:g}، {y:g})، خارج الصورة.</translation>
        </message>
        <message>
            <source>Both ends of the vertical are the same point.</source>
            <translation>طرفا خط الشاقول في النقطة نفسها.</translation>
        </message>
        <message>
            <source>Give two points on something plumb, such as a door frame.</source>
            <translation>إعطاء نقطتين على شيء عمودي، مثل إطار باب.</translation>
        </message>
        <message>
            <source>The vertical leans by {angle:.0f} degrees, too far to be plumb.</source>
            <translation>خط الشاقول مائل بمقدار {angle:.0f}°، وهذا أكبر مما يُقبل لشيء عمودي.</translation>
        </message>
        <message>
            <source>The picture is {width} pixels wide and {height} high.</source>
            <translation>عرض الصورة {width} بكسل وارتفاعها {height}.</translation>
        </message>
    </context>
    <context>
        <name>vision.model_files</name>
        <message>
            <source>Install Beltline again.</source>
            <translation>يُرجى تثبيت Beltline من جديد.</translation>
        </message>
        <message>
            <source>The model file {name} is not in the list of tested models.</source>
            <translation>ملف النموذج ‎{name} ليس في قائمة النماذج المختبَرة.</translation>
        </message>
        <message>
            <source>The model file {name} is missing or cannot be read.</source>
            <translation>ملف النموذج ‎{name} مفقود أو تتعذر قراءته.</translation>
        </message>
        <message>
            <source>The model file {name} is damaged.</source>
            <translation>ملف النموذج ‎{name} تالف.</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.build</name>
        <message>
            <source>from marked points</source>
            <translation>من النقطتين المعلَّمتين</translation>
        </message>
        <message>
            <source>from the stickers</source>
            <translation>من الملصقين</translation>
        </message>
        <message>
            <source>from the body outline</source>
            <translation>من حدود الجسم</translation>
        </message>
        <message>
            <source>from the body outline, calibrated</source>
            <translation>من حدود الجسم، بمعايرة</translation>
        </message>
        <message>
            <source>the belt line, not the pelvis</source>
            <translation>خط الحزام، لا الحوض</translation>
        </message>
        <message>
            <source>No number</source>
            <translation>لا رقم</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>النقطة الأمامية</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>النقطة الخلفية</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.raster</name>
        <message>
            <source>Give a file name that ends in .png, .jpg or .webp.</source>
            <translation>يُرجى إعطاء اسم ملف ينتهي بـ ‎.png أو ‎.jpg أو ‎.webp.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': the name does not say which format.</source>
            <translation>لا يمكن كتابة القياس المرسوم على الصورة في «‎{out}»: الاسم لا يبيّن الصيغة.</translation>
        </message>
        <message>
            <source>the file is read-only</source>
            <translation>الملف للقراءة فقط</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>يُرجى اختيار اسم في مجلد موجود تمكن الكتابة فيه، وعلى قرصه مساحة كافية.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': {why}.</source>
            <translation>لا يمكن كتابة القياس المرسوم على الصورة في «‎{out}»: {why}.</translation>
        </message>
    </context>
    <context>
        <name>vision.pipeline</name>
        <message>
            <source>Nobody was found at the place that was chosen.</source>
            <translation>لم يُعثر على أحد في الموضع المختار.</translation>
        </message>
        <message>
            <source>Choose a place on a person's body.</source>
            <translation>اختيار موضع على جسم شخص.</translation>
        </message>
        <message>
            <source>The method needs the two bony points.</source>
            <translation>تحتاج هذه الطريقة إلى نقطتي العظم.</translation>
        </message>
        <message>
            <source>Give both the ASIS and the PSIS point.</source>
            <translation>إعطاء نقطة ASIS ونقطة PSIS كلتيهما.</translation>
        </message>
        <message>
            <source>Stickers cannot be asked for.</source>
            <translation>لا يمكن طلب القياس من الملصقات.</translation>
        </message>
        <message>
            <source>They are used by themselves wherever two are seen.</source>
            <translation>تُستخدم الملصقات تلقائيًّا حيثما ظهر اثنان منها.</translation>
        </message>
    </context>
    <context>
        <name>vision.reasons</name>
        <message>
            <source>Nobody could be found in the picture.</source>
            <translation>لم يُعثر على أي شخص في الصورة.</translation>
        </message>
        <message>
            <source>Stand side-on with your whole body in the picture, your face not covered, in good light.</source>
            <translation>الوقوف من الجانب، والجسم كله في الصورة، والوجه غير مغطى، والإضاءة جيدة.</translation>
        </message>
        <message>
            <source>There are {} people of similar size in the picture.</source>
            <translation>في الصورة أشخاص متقاربون في الحجم (العدد: {}).</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, and no mirror in view.</source>
            <translation>التقاط الصورة لشخص واحد وحده، ومن دون مرآة في الخلفية.</translation>
        </message>
        <message>
            <source>The person you chose touches somebody else in the picture, or stands too close.</source>
            <translation>الشخص المختار يلامس شخصًا آخر في الصورة أو يقف قريبًا جدًّا منه.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, or with a clear gap between people.</source>
            <translation>التقاط الصورة لشخص واحد وحده، أو بمسافة واضحة بين الأشخاص.</translation>
        </message>
        <message>
            <source>The person does not seem to stand upright on straight legs, with both feet side by side.</source>
            <translation>يبدو أن الشخص لا يقف منتصبًا على ساقين مستقيمتين وقدمين متجاورتين.</translation>
        </message>
        <message>
            <source>Stand relaxed and side-on, both knees straight, both feet side by side on the floor.</source>
            <translation>الوقوف باسترخاء ومن الجانب، والركبتان مستقيمتان، والقدمان متجاورتان على الأرض.</translation>
        </message>
        <message>
            <source>The picture seems to be turned on its side or upside down.</source>
            <translation>يبدو أن الصورة مائلة على جنبها أو مقلوبة.</translation>
        </message>
        <message>
            <source>Turn the picture so that the feet are at the bottom, then try again.</source>
            <translation>تدوير الصورة حتى تصير القدمان في الأسفل، ثم إعادة المحاولة.</translation>
        </message>
        <message>
            <source>Part of the body is outside the picture.</source>
            <translation>جزء من الجسم خارج الصورة.</translation>
        </message>
        <message>
            <source>Step back until everything from the head to the feet is in the picture.</source>
            <translation>الرجوع إلى الخلف حتى يظهر الجسم كله من الرأس إلى القدمين.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>الجسم منحرف عن الوضع الجانبي بنحو {}°.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>الدوران حتى يتجه أحد الكتفين نحو الكاميرا مباشرة.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees, so the camera was probably tilted.</source>
            <translation>الجسم كله مائل بنحو {}°، فالأرجح أن الكاميرا كانت مائلة.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>تثبيت الكاميرا مستوية، أو تعليم شيء عمودي في الصورة مثل إطار باب.</translation>
        </message>
        <message>
            <source>The person is too small in the picture: {} pixels from hip to shoulder.</source>
            <translation>الشخص صغير جدًّا في الصورة: من الورك إلى الكتف {} بكسل.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>الاقتراب، أو استخدام دقة أعلى: الأفضل 200 بكسل على الأقل.</translation>
        </message>
        <message>
            <source>The picture is too dark.</source>
            <translation>الصورة مظلمة جدًّا.</translation>
        </message>
        <message>
            <source>Turn on more light and keep it in front of the person, not behind.</source>
            <translation>زيادة الإضاءة، على أن تكون أمام الشخص لا خلفه.</translation>
        </message>
        <message>
            <source>The picture is blurred.</source>
            <translation>الصورة غير واضحة.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm, stand still and use more light.</source>
            <translation>إسناد الكاميرا إلى شيء ثابت، والوقوف دون حركة، وزيادة الإضاءة.</translation>
        </message>
        <message>
            <source>The two marked points do not lie on the pelvis of the person found.</source>
            <translation>النقطتان المعلَّمتان لا تقعان على حوض الشخص الذي عُثر عليه.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back once more.</source>
            <translation>تعليم النتوء العظمي الأمامي والنقرة الخلفية مرة أخرى.</translation>
        </message>
        <message>
            <source>No belt line can be seen in the picture.</source>
            <translation>لا يظهر خط الحزام في الصورة.</translation>
        </message>
        <message>
            <source>Tuck the top in, or wear a belt or trousers of another colour than the top.</source>
            <translation>إدخال القميص في السروال، أو لبس حزام أو سروال بلون يختلف عن القميص.</translation>
        </message>
        <message>
            <source>The angles lie up to {} degrees apart, too far for repeats of one stance.</source>
            <translation>الفرق بين الزوايا يصل إلى {}°، وهذا أكبر مما يكون في إعادات لوقفة واحدة.</translation>
        </message>
        <message>
            <source>Each time, march five steps on the spot, stand relaxed, look ahead, breathe out; same arms and clothes, camera on something firm.</source>
            <translation>في كل مرة: خمس خطوات في المكان، ثم الوقوف باسترخاء والنظر إلى الأمام وإخراج الزفير، مع وضع الذراعين نفسه والملابس نفسها والكاميرا على شيء ثابت.</translation>
        </message>
        <message>
            <source>The photographs were measured in different ways, which cannot be put together.</source>
            <translation>قيست الصور بطرق مختلفة لا يمكن جمعها معًا.</translation>
        </message>
        <message>
            <source>Measure all of them in the same way, for example from the outline of the body.</source>
            <translation>قياس الصور كلها بالطريقة نفسها، مثلًا من حدود الجسم.</translation>
        </message>
        <message>
            <source>Fewer than two different photographs could be measured.</source>
            <translation>أمكن قياس أقل من صورتين مختلفتين.</translation>
        </message>
        <message>
            <source>Take two or more pictures of the same stance; five are best.</source>
            <translation>التقاط صورتين أو أكثر للوقفة نفسها، والأفضل خمس.</translation>
        </message>
        <message>
            <source>The clothing seems too loose to calibrate by.</source>
            <translation>يبدو أن الملابس فضفاضة ولا تصلح للمعايرة.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>لبس شيء ملاصق للجسم حول الخصر والوركين.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour.</source>
            <translation>على الحوض شيء يشبه ملصقًا ملونًا، لكن ليس ملصقين اثنين فقط بلون واحد.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>إظهار ملصقين بلون واحد، أحدهما على النتوء العظمي الأمامي والآخر على النقرة الخلفية.</translation>
        </message>
        <message>
            <source>Nothing in the picture shows where the bones are.</source>
            <translation>لا شيء في الصورة يبيّن موضع العظام.</translation>
        </message>
        <message>
            <source>Put a sticker on the bony point at the front and one of the same colour on the dimple at the back, or mark both points.</source>
            <translation>وضع ملصق على النتوء العظمي الأمامي وآخر باللون نفسه على النقرة الخلفية، أو تعليم النقطتين.</translation>
        </message>
        <message>
            <source>The pictures do not agree: what they say differs by up to {} degrees.</source>
            <translation>الصور غير متوافقة: تختلف نتائجها بما يصل إلى {}°.</translation>
        </message>
        <message>
            <source>See that all of them show the same person with both marks on the bones, and take them again.</source>
            <translation>التأكد من أن الصور كلها للشخص نفسه وأن العلامتين على العظام، ثم التقاطها من جديد.</translation>
        </message>
        <message>
            <source>The marks and the outline of the body differ by {} degrees, more than in any body.</source>
            <translation>الفرق بين العلامتين وحدود الجسم {}°، وهو أكبر مما يكون في أي جسم.</translation>
        </message>
        <message>
            <source>See that one mark is on the bony point at the front and the other on the dimple at the back, and take the picture again.</source>
            <translation>التأكد من أن إحدى العلامتين على النتوء العظمي الأمامي والأخرى على النقرة الخلفية، ثم التقاط الصورة من جديد.</translation>
        </message>
        <message>
            <source>The pictures were taken up to {} days apart, and a body changes.</source>
            <translation>تفصل بين الصور أيام (حتى {})، والجسم يتغيّر.</translation>
        </message>
        <message>
            <source>Use pictures of one day.</source>
            <translation>استخدام صور من يوم واحد.</translation>
        </message>
        <message>
            <source>No clear movement of the pelvis was seen between tucked and arched.</source>
            <translation>لم تظهر حركة واضحة للحوض بين الضمّ والتقوّس.</translation>
        </message>
        <message>
            <source>Arch and tuck as far as is comfortable, and hold each position for two seconds.</source>
            <translation>التقوّس والضمّ بقدر ما يكون مريحًا، مع الثبات ثانيتين في كل وضع.</translation>
        </message>
        <message>
            <source>The pelvis was tilted further forward when tucked than when arched.</source>
            <translation>كان الحوض في وضع الضمّ أكثر ميلًا إلى الأمام منه في وضع التقوّس.</translation>
        </message>
        <message>
            <source>To arch, stick your bottom out; to tuck, pull your bottom under.</source>
            <translation>للتقوّس: إبراز المؤخرة إلى الخلف. وللضمّ: سحب المؤخرة تحت الجسم.</translation>
        </message>
        <message>
            <source>Not all three positions could be measured: tucked, relaxed and arched.</source>
            <translation>لم يمكن قياس الأوضاع الثلاثة كلها: الضمّ والاسترخاء والتقوّس.</translation>
        </message>
        <message>
            <source>Take a new picture of each position that is missing.</source>
            <translation>التقاط صورة جديدة لكل وضع ناقص.</translation>
        </message>
        <message>
            <source>The test ended before two rounds were complete.</source>
            <translation>انتهى الاختبار قبل اكتمال جولتين.</translation>
        </message>
        <message>
            <source>Stay side-on in the picture until the test says that it is done.</source>
            <translation>البقاء في الصورة من الجانب حتى يعلن الاختبار انتهاءه.</translation>
        </message>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>في الصورة شخص آخر، وقد قيس الأكبر حجمًا.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>التقاط الصورة لشخص واحد وحده.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>في الصورة أشخاص آخرون، وقد قيس الشخص المختار.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>القدمان لا تظهران كاملتين في الصورة.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>الرجوع إلى الخلف حتى تظهر القدمان في الصورة.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>الجسم كله مائل بنحو {}°، فربما كانت الكاميرا مائلة.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>الشخص صغير بعض الشيء في الصورة: من الورك إلى الكتف {} بكسل.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>الصورة مظلمة بعض الشيء.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>زيادة الإضاءة.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>الصورة غير واضحة قليلًا.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>إسناد الكاميرا إلى شيء ثابت والوقوف دون حركة.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>ذراع أو يد تحجب جزءًا من الحوض.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>وضع القبضتين على الترقوتين.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>تبدو الملابس فضفاضة، وهذا يحجب حدود الجسم.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>لم يظهر الرأس، وهذا يجعل الزاوية أقل تأكيدًا.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>يُستحسن إظهار الرأس أيضًا إن أمكن، ويمكن تغطية الوجه في الصورة لاحقًا.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>افتُرض أن الكاميرا مستوية.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>الكاميرا المائلة تغيّر الزاوية بقدر ميلها، ولمزيد من الدقة يُعلَّم شيء عمودي مثل إطار باب.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>على الحوض شيء يشبه ملصقًا ملونًا، لكن ليس ملصقين اثنين فقط بلون واحد، فلم يُستخدم.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>كانت الكاميرا أعلى من الوركين بنحو {} سم.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>وضعها على ارتفاع الوركين.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>كانت الكاميرا أخفض من الوركين بنحو {} سم.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>الصورة نفسها موجودة أكثر من مرة، وحُسبت مرة واحدة.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>التقاط صورة جديدة لكل إعادة، والابتعاد قليلًا بين الصور.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>مضى على المعايرة أكثر من سنة.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>إعادة المعايرة، وكذلك كلما تغيّر الوزن كثيرًا.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>المعايرة من إصدار سابق من Beltline، ولم تُستخدم.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>إعادة المعايرة.</translation>
        </message>
        <message>
            <source>There is no such file.</source>
            <translation>لا يوجد ملف كهذا.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>يُرجى التحقق من الاسم ومن المجلد الذي يُفترض أن يكون فيه.</translation>
        </message>
        <message>
            <source>This is a folder, not a photograph.</source>
            <translation>هذا مجلد، وليس صورة.</translation>
        </message>
        <message>
            <source>Choose a photograph inside it.</source>
            <translation>اختيار صورة من داخله.</translation>
        </message>
        <message>
            <source>This is not an ordinary file.</source>
            <translation>هذا ليس ملفًّا عاديًّا.</translation>
        </message>
        <message>
            <source>Choose a photograph that is saved on a disk.</source>
            <translation>اختيار صورة محفوظة على قرص.</translation>
        </message>
        <message>
            <source>You do not have permission to read this file.</source>
            <translation>لا إذن لكم بقراءة هذا الملف.</translation>
        </message>
        <message>
            <source>Allow reading it in its properties, or copy it into a folder of your own.</source>
            <translation>السماح بقراءته في خصائصه، أو نسخه إلى مجلد خاص بكم.</translation>
        </message>
        <message>
            <source>The file cannot be opened.</source>
            <translation>تعذر فتح الملف.</translation>
        </message>
        <message>
            <source>Copy it to a folder on this computer and try again.</source>
            <translation>نسخه إلى مجلد على هذا الحاسوب ثم إعادة المحاولة.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>الملف فارغ.</translation>
        </message>
        <message>
            <source>Copy it again from the phone or camera.</source>
            <translation>نسخه من جديد من الهاتف أو الكاميرا.</translation>
        </message>
        <message>
            <source>The file is not a picture of a kind that can be read.</source>
            <translation>الملف ليس صورة من نوع تمكن قراءته.</translation>
        </message>
        <message>
            <source>Choose a photograph saved as JPEG, PNG, WebP, TIFF or HEIC.</source>
            <translation>اختيار صورة محفوظة بصيغة JPEG أو PNG أو WebP أو TIFF أو HEIC.</translation>
        </message>
        <message>
            <source>The file is a film, not a photograph.</source>
            <translation>الملف فيديو، وليس صورة.</translation>
        </message>
        <message>
            <source>Save one picture of it as JPEG or PNG and choose that.</source>
            <translation>حفظ لقطة منه بصيغة JPEG أو PNG ثم اختيارها.</translation>
        </message>
        <message>
            <source>The file holds moving pictures, not one photograph.</source>
            <translation>يحتوي الملف على صور متحركة، لا على صورة واحدة.</translation>
        </message>
        <message>
            <source>The picture is damaged or incomplete.</source>
            <translation>الصورة تالفة أو ناقصة.</translation>
        </message>
        <message>
            <source>Copy or download it again, or save it again as JPEG or PNG.</source>
            <translation>نسخها أو تنزيلها من جديد، أو إعادة حفظها بصيغة JPEG أو PNG.</translation>
        </message>
        <message>
            <source>Save it smaller, for example 4000 pixels along its longer side.</source>
            <translation>حفظها بحجم أصغر، مثلًا 4000 بكسل للضلع الأطول.</translation>
        </message>
        <message>
            <source>The picture is too large: {width} by {height} pixels, and at most {most} megapixels can be read.</source>
            <translation>الصورة كبيرة جدًّا: {width} في {height} بكسل، ولا تمكن قراءة أكثر من {most} ميغابكسل.</translation>
        </message>
        <message>
            <source>The picture is too large to be read into memory.</source>
            <translation>الصورة أكبر من أن تُقرأ في الذاكرة.</translation>
        </message>
        <message>
            <source>Save it smaller, for example as a JPEG with 4000 pixels along its longer side.</source>
            <translation>حفظها بحجم أصغر، مثلًا بصيغة JPEG مع 4000 بكسل للضلع الأطول.</translation>
        </message>
    </context>
    <context>
        <name>vision.result</name>
        <message>
            <source>forward</source>
            <translation>إلى الأمام</translation>
        </message>
        <message>
            <source>backward</source>
            <translation>إلى الخلف</translation>
        </message>
        <message>
            <source>lower</source>
            <translation>أخفض</translation>
        </message>
        <message>
            <source>higher</source>
            <translation>أعلى</translation>
        </message>
        <message>
            <source>{angle}° {direction} ({interval})</source>
            <translation>{angle}° {direction} ({interval})</translation>
        </message>
        <message>
            <source>{angle}° {direction} in front ({interval})</source>
            <translation>المقدمة {direction} بمقدار {angle}° ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0° مستوٍ ({interval})</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>{first} إلى {last}</translation>
        </message>
    </context>
    <context>
        <name>app.errors</name>
        <message>
            <source>On Debian or Ubuntu, install libgl1, libegl1, libgles2 and libglib2.0-0; else install Beltline again.</source>
            <translation>في Debian أو Ubuntu يُرجى تثبيت الحزم libgl1، libegl1، libgles2، libglib2.0-0، وفي غيرهما إعادة تثبيت Beltline.</translation>
        </message>
        <message>
            <source>A library that measuring needs cannot be loaded ({error}).</source>
            <translation>تعذر تحميل مكتبة يحتاج إليها القياس ({error}).</translation>
        </message>
        <message>
            <source>Start the reminder by hand, or try again later.</source>
            <translation>يُرجى تشغيل التذكير يدويًّا، أو المحاولة لاحقًا.</translation>
        </message>
        <message>
            <source>What starts with your session could not be changed ({why}).</source>
            <translation>تعذر تغيير ما يبدأ عند تسجيل الدخول ({why}).</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.sharing_text</name>
        <message>
            <source>Save list as file…</source>
            <translation>حفظ القائمة في ملف…</translation>
        </message>
        <message>
            <source>Open list…</source>
            <translation>فتح قائمة…</translation>
        </message>
        <message>
            <source>One file with the exercises, their sets and pictures, to give to somebody</source>
            <translation>ملف واحد فيه التمارين ومجموعاتها وصورها، لإعطائه لشخص آخر</translation>
        </message>
        <message>
            <source>Look at a list that somebody gave you as a file; nothing changes until you say so</source>
            <translation>عرض قائمة وصلتكم في ملف، ولا يتغيّر شيء قبل موافقتكم</translation>
        </message>
        <message>
            <source>Lists of exercises (*{suffix})</source>
            <translation>قوائم التمارين (*{suffix})</translation>
        </message>
        <message>
            <source>exercises</source>
            <translation>tamarin</translation>
        </message>
        <message>
            <source>Your list is in the file now: {contents}.</source>
            <translation>حُفظت قائمتكم في الملف: {contents}.</translation>
        </message>
        <message>
            <source>{exercises}, {pictures}</source>
            <translation>{exercises}، {pictures}</translation>
        </message>
        <message numerus="yes">
            <source>{count} exercises</source>
            <translation>
                <numerusform>لا تمارين</numerusform>
                <numerusform>تمرين واحد</numerusform>
                <numerusform>تمرينان</numerusform>
                <numerusform>{count} تمارين</numerusform>
                <numerusform>{count} تمرينًا</numerusform>
                <numerusform>{count} تمرين</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>لا صور</numerusform>
                <numerusform>صورة واحدة</numerusform>
                <numerusform>صورتان</numerusform>
                <numerusform>{count} صور</numerusform>
                <numerusform>{count} صورة</numerusform>
                <numerusform>{count} صورة</numerusform>
            </translation>
        </message>
        <message>
            <source>A list from a file</source>
            <translation>قائمة من ملف</translation>
        </message>
        <message>
            <source>From {practice}, {day}</source>
            <translation>من {practice}، {day}</translation>
        </message>
        <message>
            <source>No practice is named. Made on {day}</source>
            <translation>لم تُذكر عيادة. أُعدّت في {day}</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of yours. Undo brings yours back.</source>
            <translation>إن استُخدمت هذه القائمة حلّت محل قائمتكم، ويمكن استعادتها بزر «تراجع».</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of the usual routine.</source>
            <translation>إن استُخدمت هذه القائمة حلّت محل البرنامج المعتاد.</translation>
        </message>
        <message>
            <source>Use it only if you know who made it, and stop when something hurts.</source>
            <translation>يُرجى استخدامها فقط إن كنتم تعرفون من أعدّها، والتوقف عند الشعور بألم.</translation>
        </message>
        <message>
            <source>Use this list</source>
            <translation>استخدام هذه القائمة</translation>
        </message>
        <message>
            <source>Leave everything as it is</source>
            <translation>ترك كل شيء كما هو</translation>
        </message>
        <message>
            <source>Your list is now the one from the file.</source>
            <translation>صارت قائمتكم هي القائمة التي في الملف.</translation>
        </message>
        <message>
            <source>Took over a list from a file</source>
            <translation>أُخذت قائمة من ملف</translation>
        </message>
        <message>
            <source>How: {how}</source>
            <translation>طريقة الأداء: {how}</translation>
        </message>
        <message>
            <source>Use this list in place of the one of {name}?</source>
            <translation>هل تُستخدم هذه القائمة بدلًا من قائمة {name}؟</translation>
        </message>
        <message>
            <source>Nothing was changed.</source>
            <translation>لم يتغيّر شيء.</translation>
        </message>
        <message>
            <source>{name} has this list now: {contents}.</source>
            <translation>لدى {name} الآن هذه القائمة: {contents}.</translation>
        </message>
        <message>
            <source>The one before comes back with: beltline exercises undo.</source>
            <translation>لاستعادة القائمة السابقة: beltline exercises undo.</translation>
        </message>
        <message>
            <source>{name} has no list, and the usual routine needs no file.</source>
            <translation>لا قائمة لدى {name}، والبرنامج المعتاد لا يحتاج إلى ملف.</translation>
        </message>
        <message>
            <source>Type one in on the Exercises page, or take one over with: beltline exercises import.</source>
            <translation>يمكن كتابة قائمة في صفحة التمارين، أو أخذ قائمة من ملف: beltline exercises import.</translation>
        </message>
        <message>
            <source>The newest list of {name} is in the bin; what was used before is used again.</source>
            <translation>أحدث قائمة لدى {name} في سلة المحذوفات الآن، وعاد استخدام ما كان قبلها.</translation>
        </message>
        <message>
            <source>{name} has no list that could be taken back.</source>
            <translation>لا توجد لدى {name} قائمة يمكن سحبها.</translation>
        </message>
        <message>
            <source>{contents} written to {path}</source>
            <translation>حُفظ في ‎{path}: {contents}</translation>
        </message>
        <message>
            <source>{number}. {name}: {dose}</source>
            <translation>‏{number}. {name}: {dose}</translation>
        </message>
        <message>
            <source>{line}, with a picture</source>
            <translation>‏{line}، مع صورة</translation>
        </message>
        <message>
            <source>The list cannot be written to '{path}' ({why}).</source>
            <translation>لا يمكن كتابة القائمة في «‎{path}» ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no list of exercises of Beltline's.</source>
            <translation>الملف «‎{name}» ليس قائمة تمارين من Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>يُرجى اختيار ملف ‎{suffix} كتبه Beltline.</translation>
        </message>
        <message>
            <source>The list in '{name}' was made by a newer version of Beltline.</source>
            <translation>أُعدّت القائمة التي في «‎{name}» بإصدار أحدث من Beltline.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then open it again.</source>
            <translation>يُرجى تثبيت أحدث إصدار من Beltline، ثم فتحها من جديد.</translation>
        </message>
        <message>
            <source>The file '{name}' is larger than any list of exercises that Beltline writes.</source>
            <translation>الملف «‎{name}» أكبر من أي قائمة تمارين يكتبها Beltline.</translation>
        </message>
        <message>
            <source>The list in '{name}' is damaged or was changed, so nothing was taken from it.</source>
            <translation>القائمة التي في «‎{name}» تالفة أو عُدّلت، لذا لم يُؤخذ منها شيء.</translation>
        </message>
        <message>
            <source>Ask whoever made it to send it once more.</source>
            <translation>يُرجى أن يُطلب ممن أعدّها إرسالها مرة أخرى.</translation>
        </message>
        <message>
            <source>The name '{path}' does not say that a list of exercises is to be written.</source>
            <translation>الاسم «‎{path}» لا يبيّن أن المطلوب كتابة قائمة تمارين.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffix}.</source>
            <translation>يُرجى إعطاء اسم ينتهي بـ ‎{suffix}.</translation>
        </message>
        <message>
            <source>The list has {count} exercises, and a file takes at most {most}.</source>
            <translation>عدد التمارين في القائمة {count}، والحد الأقصى في الملف {most}.</translation>
        </message>
        <message>
            <source>Make two lists of it.</source>
            <translation>يُرجى تقسيمها إلى قائمتين.</translation>
        </message>
        <message>
            <source>Something in the list makes no sense, so nobody could open the file.</source>
            <translation>في القائمة شيء غير مفهوم، فلن يتمكن أحد من فتح الملف.</translation>
        </message>
        <message>
            <source>Open the list in the editor, look at the lines with a remark, and save it there.</source>
            <translation>يُرجى فتح القائمة للتعديل، ومراجعة السطور التي عليها ملاحظة، ثم حفظها هناك.</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.text</name>
        <message>
            <source>Exercises</source>
            <translation>التمارين</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>رجوع</translation>
        </message>
        <message>
            <source>Back (Escape)</source>
            <translation>رجوع (Esc)</translation>
        </message>
        <message>
            <source>Stop, and see what to do when something hurts (H)</source>
            <translation>توقف، مع إرشاد عند الشعور بألم (H)</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>جارٍ القراءة…</translation>
        </message>
        <message>
            <source>Before you exercise</source>
            <translation>قبل التمرين</translation>
        </message>
        <message>
            <source>Please read all of these and tick what is true for you now. Your answers stay on this computer. You will be asked again in four weeks.</source>
            <translation>تُرجى قراءة البنود كلها وتحديد ما ينطبق الآن. تبقى الإجابات على هذا الحاسوب، وستُطرح الأسئلة مجددًا بعد أربعة أسابيع.</translation>
        </message>
        <message>
            <source>These matter most</source>
            <translation>الأهم بينها</translation>
        </message>
        <message>
            <source>These matter too</source>
            <translation>هذه مهمة أيضًا</translation>
        </message>
        <message>
            <source>And these</source>
            <translation>وهذه أيضًا</translation>
        </message>
        <message>
            <source>None of these</source>
            <translation>لا شيء منها</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>متابعة</translation>
        </message>
        <message>
            <source>Say that none of these is true for you</source>
            <translation>تأكيد أن لا شيء منها ينطبق</translation>
        </message>
        <message>
            <source>You ticked:</source>
            <translation>ما حُدِّد:</translation>
        </message>
        <message>
            <source>Answer again</source>
            <translation>إجابة جديدة</translation>
        </message>
        <message>
            <source>I have asked, and I may exercise</source>
            <translation>سألتُ، ويُسمح لي بالتمرين</translation>
        </message>
        <message>
            <source>Breaks from sitting, your history and the page “See someone” stay open to you meanwhile.</source>
            <translation>تبقى استراحات الجلوس والسجل وصفحة «استشارة مختص» متاحة في هذه الأثناء.</translation>
        </message>
        <message>
            <source>You answered the questions before exercising on {when}.</source>
            <translation>أُجيب عن أسئلة ما قبل التمرين في {when}.</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>اليوم</translation>
        </message>
        <message numerus="yes">
            <source>About {count} minutes in all.</source>
            <translation>
                <numerusform>نحو {count} دقيقة إجمالًا.</numerusform>
                <numerusform>نحو دقيقة واحدة إجمالًا.</numerusform>
                <numerusform>نحو دقيقتين إجمالًا.</numerusform>
                <numerusform>نحو {count} دقائق إجمالًا.</numerusform>
                <numerusform>نحو {count} دقيقة إجمالًا.</numerusform>
                <numerusform>نحو {count} دقيقة إجمالًا.</numerusform>
            </translation>
        </message>
        <message>
            <source>Just under ten minutes in all.</source>
            <translation>أقل من عشر دقائق بقليل إجمالًا.</translation>
        </message>
        <message>
            <source>Another day: {names}. Ten minutes at a time are enough.</source>
            <translation>في يوم آخر: {names}. عشر دقائق في المرة تكفي.</translation>
        </message>
        <message>
            <source>This is your own list.</source>
            <translation>هذه قائمتكم الخاصة.</translation>
        </message>
        <message>
            <source>You have done all of today's sets. That is what counts.</source>
            <translation>أُنجزت مجموعات اليوم كلها. هذا هو المهم.</translation>
        </message>
        <message>
            <source>{done} of {wanted} sets done today</source>
            <translation>أُنجز اليوم {done} من {wanted} من المجموعات</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>فتح</translation>
        </message>
        <message>
            <source>Get ready</source>
            <translation>استعداد</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>متابعة</translation>
        </message>
        <message>
            <source>It hurt on {when}: leave it out until you have asked somebody, or continue with less.</source>
            <translation>سبّب ألمًا في {when}: يُترك حتى استشارة مختص، أو يُتابَع بقدر أقل.</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>الفحص الذاتي</translation>
        </message>
        <message>
            <source>Can you squeeze both sides of your buttocks, and each side by itself?</source>
            <translation>هل يمكن شدّ الأليتين معًا، وكل جانب وحده؟</translation>
        </message>
        <message>
            <source>Last answered on {when}.</source>
            <translation>آخر إجابة في {when}.</translation>
        </message>
        <message>
            <source>Do the self-check</source>
            <translation>إجراء الفحص الذاتي</translation>
        </message>
        <message>
            <source>Your own list</source>
            <translation>قائمة خاصة</translation>
        </message>
        <message>
            <source>Type in what a physiotherapist gave you; it replaces the usual routine.</source>
            <translation>يمكن إدخال ما وصفه اختصاصي العلاج الطبيعي، فيحل محل البرنامج المعتاد.</translation>
        </message>
        <message>
            <source>Change the list</source>
            <translation>تعديل القائمة</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>استشارة مختص</translation>
        </message>
        <message>
            <source>How to prepare for a physiotherapist, and what to bring.</source>
            <translation>كيفية الاستعداد لزيارة اختصاصي العلاج الطبيعي، وما يُحضَر إليها.</translation>
        </message>
        <message>
            <source>Read more</source>
            <translation>المزيد</translation>
        </message>
        <message>
            <source>Make the PDF report</source>
            <translation>إنشاء تقرير PDF</translation>
        </message>
        <message>
            <source>Write your checks, exercises and answers to a file that you can bring along</source>
            <translation>حفظ القياسات والتمارين والإجابات في ملف يمكن إحضاره معكم</translation>
        </message>
        <message>
            <source>Pause the picture</source>
            <translation>إيقاف الصورة</translation>
        </message>
        <message>
            <source>Move the picture</source>
            <translation>تشغيل الصورة</translation>
        </message>
        <message>
            <source>How it goes</source>
            <translation>طريقة الأداء</translation>
        </message>
        <message>
            <source>What often goes wrong</source>
            <translation>أخطاء شائعة</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>ملاحظة: {note}</translation>
        </message>
        <message>
            <source>With: {load}</source>
            <translation>مع: {load}</translation>
        </message>
        <message>
            <source>With a camera, Beltline can count for you. It has to see you {place}.</source>
            <translation>يستطيع Beltline العدّ بالكاميرا، ويجب أن ترى الكاميرا الجسم {place}.</translation>
        </message>
        <message>
            <source>Begin with the left side.</source>
            <translation>البداية بالجانب الأيسر.</translation>
        </message>
        <message>
            <source>Go on with the right side.</source>
            <translation>المتابعة بالجانب الأيمن.</translation>
        </message>
        <message>
            <source>Rest</source>
            <translation>راحة</translation>
        </message>
        <message>
            <source>Next set in {seconds} s</source>
            <translation>المجموعة التالية بعد {seconds} ث</translation>
        </message>
        <message>
            <source>Change sides</source>
            <translation>تبديل الجانب</translation>
        </message>
        <message>
            <source>Next: {what}</source>
            <translation>التالي: {what}</translation>
        </message>
        <message numerus="yes">
            <source>{count} sets to do</source>
            <translation>
                <numerusform>لا مجموعات باقية</numerusform>
                <numerusform>المجموعة الأخيرة</numerusform>
                <numerusform>مجموعتان باقيتان</numerusform>
                <numerusform>{count} مجموعات باقية</numerusform>
                <numerusform>{count} مجموعة باقية</numerusform>
                <numerusform>{count} مجموعة باقية</numerusform>
            </translation>
        </message>
        <message>
            <source>{side}, {what}</source>
            <translation>{side}، {what}</translation>
        </message>
        <message>
            <source>Skip the rest</source>
            <translation>تخطي الراحة</translation>
        </message>
        <message>
            <source>Wait</source>
            <translation>انتظار</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>التوقف هنا</translation>
        </message>
        <message>
            <source>Waiting for you</source>
            <translation>في انتظاركم</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>انتهى</translation>
        </message>
        <message>
            <source>{left} of {wanted} sets of today are left, if you want to go on later.</source>
            <translation>بقي {left} من {wanted} من مجموعات اليوم، لمن يريد المتابعة لاحقًا.</translation>
        </message>
        <message>
            <source>Next: {name}</source>
            <translation>التالي: {name}</translation>
        </message>
        <message>
            <source>Back to today</source>
            <translation>العودة إلى اليوم</translation>
        </message>
        <message>
            <source>No repetition was counted, so nothing was stored.</source>
            <translation>لم يُعدّ أي تكرار، فلم يُحفظ شيء.</translation>
        </message>
        <message>
            <source>Said while counting:</source>
            <translation>قيل أثناء العدّ:</translation>
        </message>
        <message numerus="yes">
            <source>{what} ({count} times)</source>
            <translation>
                <numerusform>{what} (ولا مرة)</numerusform>
                <numerusform>{what} (مرة واحدة)</numerusform>
                <numerusform>{what} (مرتين)</numerusform>
                <numerusform>{what} ({count} مرات)</numerusform>
                <numerusform>{what} ({count} مرة)</numerusform>
                <numerusform>{what} ({count} مرة)</numerusform>
            </translation>
        </message>
        <message>
            <source>{set}, held {seconds} s</source>
            <translation>{set}، مع ثبات {seconds} ث</translation>
        </message>
        <message>
            <source>counted by the camera</source>
            <translation>عدّ بالكاميرا</translation>
        </message>
        <message>
            <source>led by the timer</source>
            <translation>بتوجيه المؤقّت</translation>
        </message>
        <message>
            <source>counted by you</source>
            <translation>عدّ يدوي</translation>
        </message>
        <message>
            <source>Where and how did it hurt? You need not answer.</source>
            <translation>أين كان الألم وكيف كان؟ الإجابة اختيارية.</translation>
        </message>
        <message>
            <source>Noted in your diary.</source>
            <translation>دُوّن في اليوميات.</translation>
        </message>
        <message>
            <source>Answer the questions again</source>
            <translation>الإجابة عن الأسئلة مجددًا</translation>
        </message>
        <message>
            <source>Save the answers</source>
            <translation>حفظ الإجابات</translation>
        </message>
        <message>
            <source>Your answers are noted.</source>
            <translation>دُوّنت الإجابات.</translation>
        </message>
        <message>
            <source>Do the squeeze test with the camera</source>
            <translation>اختبار الشدّ بالكاميرا</translation>
        </message>
        <message>
            <source>Open the Live page, where a camera sees whether your pelvis turns</source>
            <translation>فتح صفحة «مباشر»، حيث ترى الكاميرا هل يدور الحوض</translation>
        </message>
        <message>
            <source>Earlier answers</source>
            <translation>إجابات سابقة</translation>
        </message>
        <message>
            <source>There are no earlier answers. Each time you answer, a column of dots comes here.</source>
            <translation>لا توجد إجابات سابقة. مع كل إجابة يُضاف هنا عمود من النقاط.</translation>
        </message>
        <message>
            <source>Full dot: yes. Half dot: partly. Ring: no. Dash: not said. The newest is on the right.</source>
            <translation>نقطة ممتلئة: نعم. نصف نقطة: جزئيًّا. حلقة: لا. شرطة: لم يُذكر. الأحدث على اليمين.</translation>
        </message>
        <message>
            <source>{when}: {answers}</source>
            <translation>{when}: {answers}</translation>
        </message>
        <message>
            <source>{when}, with the camera: {answers}</source>
            <translation>{when}، بالكاميرا: {answers}</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>{first} إلى {last}</translation>
        </message>
        <message>
            <source>The newest {shown} of {all} are shown.</source>
            <translation>يُعرض الأحدث: {shown} من {all}.</translation>
        </message>
        <message>
            <source>One line for each exercise, in the order in which you do them. Choose an exercise that Beltline knows, or “another exercise” and type its name.</source>
            <translation>سطر لكل تمرين بترتيب الأداء. يمكن اختيار تمرين يعرفه Beltline، أو «تمرين آخر» مع كتابة اسمه.</translation>
        </message>
        <message>
            <source>Another exercise</source>
            <translation>تمرين آخر</translation>
        </message>
        <message>
            <source>Name of the exercise</source>
            <translation>اسم التمرين</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>المجموعات</translation>
        </message>
        <message>
            <source>Repetitions</source>
            <translation>التكرارات</translation>
        </message>
        <message>
            <source>Hold, seconds</source>
            <translation>الثبات بالثواني</translation>
        </message>
        <message>
            <source>Each side</source>
            <translation>لكل جانب</translation>
        </message>
        <message>
            <source>Band or weight</source>
            <translation>شريط مطاطي أو وزن</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>ملاحظة</translation>
        </message>
        <message>
            <source>How to do it</source>
            <translation>طريقة الأداء</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>الصورة</translation>
        </message>
        <message>
            <source>Picture of {name}</source>
            <translation>صورة {name}</translation>
        </message>
        <message>
            <source>Choose picture…</source>
            <translation>اختيار صورة…</translation>
        </message>
        <message>
            <source>Remove picture</source>
            <translation>إزالة الصورة</translation>
        </message>
        <message>
            <source>A photograph or a drawing; where and when it was taken is left out</source>
            <translation>صورة فوتوغرافية أو رسم، من دون مكان التقاطها ووقته</translation>
        </message>
        <message>
            <source>Reading the picture…</source>
            <translation>جارٍ قراءة الصورة…</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>صور ({patterns})</translation>
        </message>
        <message>
            <source>Add an exercise</source>
            <translation>إضافة تمرين</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>إزالة</translation>
        </message>
        <message>
            <source>Move up</source>
            <translation>إلى أعلى</translation>
        </message>
        <message>
            <source>Move down</source>
            <translation>إلى أسفل</translation>
        </message>
        <message>
            <source>Line {number}</source>
            <translation>السطر {number}</translation>
        </message>
        <message>
            <source>Use the usual routine again</source>
            <translation>العودة إلى البرنامج المعتاد</translation>
        </message>
        <message>
            <source>Save the list</source>
            <translation>حفظ القائمة</translation>
        </message>
        <message>
            <source>Discard the changes</source>
            <translation>تجاهل التغييرات</translation>
        </message>
        <message>
            <source>Type the exercise's name.</source>
            <translation>تُرجى كتابة اسم التمرين.</translation>
        </message>
        <message>
            <source>This exercise is in the list twice; put all its sets into one line, or type a name of your own.</source>
            <translation>هذا التمرين مكرر في القائمة. يمكن جمع مجموعاته كلها في سطر واحد، أو كتابة اسم خاص.</translation>
        </message>
        <message>
            <source>Not saved: please look at the lines with a remark. What you typed stays.</source>
            <translation>لم يُحفظ. تُرجى مراجعة السطور التي عليها ملاحظة. ما كتبتموه باقٍ.</translation>
        </message>
        <message>
            <source>There are changes that are not saved yet.</source>
            <translation>توجد تغييرات لم تُحفظ بعد.</translation>
        </message>
        <message>
            <source>The list is empty. Saved like this, it brings back the usual routine.</source>
            <translation>القائمة فارغة. حفظها هكذا يعيد البرنامج المعتاد.</translation>
        </message>
        <message>
            <source>Your list is saved.</source>
            <translation>حُفظت القائمة.</translation>
        </message>
        <message>
            <source>The usual routine is used again</source>
            <translation>عاد البرنامج المعتاد</translation>
        </message>
        <message>
            <source>What you did is not lost: it waits here and is saved as soon as that is possible.</source>
            <translation>ما أنجزتموه لم يضع: إنه ينتظر هنا وسيُحفظ متى أمكن ذلك.</translation>
        </message>
        <message>
            <source>Everything that waited is saved now.</source>
            <translation>حُفظ الآن كل ما كان ينتظر.</translation>
        </message>
        <message>
            <source>Get ready.</source>
            <translation>استعداد.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>رفع</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>رفع.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>ثبات</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>ثبات.</translation>
        </message>
        <message>
            <source>Lower</source>
            <translation>إنزال</translation>
        </message>
        <message>
            <source>Lower.</source>
            <translation>إنزال.</translation>
        </message>
        <message>
            <source>Squeeze</source>
            <translation>شدّ</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>شدّ.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>إرخاء</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>إرخاء.</translation>
        </message>
        <message>
            <source>Go</source>
            <translation>انطلاق</translation>
        </message>
        <message>
            <source>Go.</source>
            <translation>انطلاق.</translation>
        </message>
        <message>
            <source>Back.</source>
            <translation>رجوع.</translation>
        </message>
        <message>
            <source>Get ready to squeeze your buttocks.</source>
            <translation>استعداد لشدّ الأليتين.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back with your knees bent.</source>
            <translation>استعداد. الاستلقاء على الظهر مع ثني الركبتين.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back, one foot on the floor, the other leg stretched out.</source>
            <translation>استعداد. الاستلقاء على الظهر، قدم على الأرض والساق الأخرى ممدودة.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your side.</source>
            <translation>استعداد. الاستلقاء على الجنب.</translation>
        </message>
        <message>
            <source>Left side</source>
            <translation>الجانب الأيسر</translation>
        </message>
        <message>
            <source>Right side</source>
            <translation>الجانب الأيمن</translation>
        </message>
        <message>
            <source>And {word}</source>
            <translation>والآن {word}</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>جارٍ البحث عنكم</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>ليس بعد</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>جاهز</translation>
        </message>
        <message>
            <source>Moving</source>
            <translation>حركة</translation>
        </message>
        <message>
            <source>At the top</source>
            <translation>في الأعلى</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>في انتظار الكاميرا</translation>
        </message>
        <message>
            <source>None</source>
            <translation>لا شيء</translation>
        </message>
        <message>
            <source>One</source>
            <translation>واحد</translation>
        </message>
        <message>
            <source>Two</source>
            <translation>اثنان</translation>
        </message>
        <message>
            <source>Three</source>
            <translation>ثلاثة</translation>
        </message>
        <message>
            <source>Four</source>
            <translation>أربعة</translation>
        </message>
        <message>
            <source>Five</source>
            <translation>خمسة</translation>
        </message>
        <message>
            <source>Six</source>
            <translation>ستة</translation>
        </message>
        <message>
            <source>Seven</source>
            <translation>سبعة</translation>
        </message>
        <message>
            <source>Eight</source>
            <translation>ثمانية</translation>
        </message>
        <message>
            <source>Nine</source>
            <translation>تسعة</translation>
        </message>
        <message>
            <source>Ten</source>
            <translation>عشرة</translation>
        </message>
        <message>
            <source>Eleven</source>
            <translation>أحد عشر</translation>
        </message>
        <message>
            <source>Twelve</source>
            <translation>اثنا عشر</translation>
        </message>
        <message>
            <source>Thirteen</source>
            <translation>ثلاثة عشر</translation>
        </message>
        <message>
            <source>Fourteen</source>
            <translation>أربعة عشر</translation>
        </message>
        <message>
            <source>Fifteen</source>
            <translation>خمسة عشر</translation>
        </message>
        <message>
            <source>Sixteen</source>
            <translation>ستة عشر</translation>
        </message>
        <message>
            <source>Seventeen</source>
            <translation>سبعة عشر</translation>
        </message>
        <message>
            <source>Eighteen</source>
            <translation>ثمانية عشر</translation>
        </message>
        <message>
            <source>Nineteen</source>
            <translation>تسعة عشر</translation>
        </message>
        <message>
            <source>Twenty</source>
            <translation>عشرون</translation>
        </message>
        <message>
            <source>How to count</source>
            <translation>طريقة العدّ</translation>
        </message>
        <message>
            <source>With the camera</source>
            <translation>بالكاميرا</translation>
        </message>
        <message>
            <source>With the timer</source>
            <translation>بالمؤقّت</translation>
        </message>
        <message>
            <source>The camera counts, times each hold, and names one thing at a time that you could do differently. It is on only while you exercise, and its pictures are not kept.</source>
            <translation>تعدّ الكاميرا وتقيس مدة كل ثبات، وتذكر في كل مرة شيئًا واحدًا يمكن تعديله. لا تعمل إلا أثناء التمرين، ولا تُحفظ صورها.</translation>
        </message>
        <message>
            <source>Words on the screen, a voice and tones give you the pace; nothing watches. You can say afterwards if you did fewer.</source>
            <translation>كلمات على الشاشة وصوت ونغمات تضبط الإيقاع، ولا شيء يراقب. ويمكن بعد ذلك ذكر عدد أقل.</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>موضع الكاميرا</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees, looking at your side.</source>
            <translation>على بعد مترين إلى ثلاثة أمتار، بين الأرض وارتفاع الركبتين، وموجّهة إلى جانب الجسم.</translation>
        </message>
        <message>
            <source>Your whole body is in the picture, from head to feet.</source>
            <translation>الجسم كله في الصورة، من الرأس إلى القدمين.</translation>
        </message>
        <message>
            <source>The foot that stays on the floor is the one nearer to the camera.</source>
            <translation>القدم الباقية على الأرض هي الأقرب إلى الكاميرا.</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees. In front of you it sees best; or at your feet and a step to the front, so that it sees your face.</source>
            <translation>على بعد مترين إلى ثلاثة أمتار، بين الأرض وارتفاع الركبتين. أفضل رؤية لها من الأمام، أو من جهة القدمين مع خطوة إلى الأمام بحيث ترى الوجه.</translation>
        </message>
        <message>
            <source>The timer leads you through this exercise.</source>
            <translation>المؤقّت يوجّه هذا التمرين.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>بدء</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>إيقاف مؤقت</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>إيقاف</translation>
        </message>
        <message>
            <source>Skip ahead</source>
            <translation>تخطٍّ</translation>
        </message>
        <message>
            <source>Go on with the timer</source>
            <translation>المتابعة بالمؤقّت</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>عكس الصورة</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>صوت ناطق</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>النغمات</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>هذا مؤلم</translation>
        </message>
        <message>
            <source>Noted that it hurts</source>
            <translation>دُوّن وجود ألم</translation>
        </message>
        <message>
            <source>{done} of {wanted}</source>
            <translation>{done} من {wanted}</translation>
        </message>
        <message>
            <source>Last set</source>
            <translation>المجموعة الأخيرة</translation>
        </message>
        <message>
            <source>{count} sets left, counting this one</source>
            <translation>المجموعات الباقية: {count} مع هذه</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>متوقف مؤقتًا</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>متوقف مؤقتًا. الكاميرا مطفأة.</translation>
        </message>
        <message>
            <source>Paused, because this page could not be seen.</source>
            <translation>توقف مؤقتًا، لأن هذه الصفحة لم تكن ظاهرة.</translation>
        </message>
        <message>
            <source>Paused, because the screen was locked.</source>
            <translation>توقف مؤقتًا، لأن الشاشة كانت مقفلة.</translation>
        </message>
        <message>
            <source>Paused, because the computer was asleep or busy.</source>
            <translation>توقف مؤقتًا، لأن الحاسوب كان في وضع السكون أو مشغولًا.</translation>
        </message>
        <message>
            <source>No camera was found, so the timer gives you the pace.</source>
            <translation>لم يُعثر على كاميرا، لذا يضبط المؤقّت الإيقاع.</translation>
        </message>
        <message>
            <source>The camera gives no pictures, so the timer goes on from here.</source>
            <translation>الكاميرا لا تعطي صورًا، لذا يتابع المؤقّت من هنا.</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures, so the timer goes on from here.</source>
            <translation>تعطل Beltline نفسه عند معالجة صور الكاميرا، لذا يتابع المؤقّت من هنا.</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>توقف</translation>
        </message>
        <message>
            <source>Keep what you have done?</source>
            <translation>هل يُحفظ ما أُنجز؟</translation>
        </message>
        <message>
            <source>No repetition was counted, so there is nothing to keep.</source>
            <translation>لم يُعدّ أي تكرار، فلا شيء يُحفظ.</translation>
        </message>
        <message numerus="yes">
            <source>Keep {count} repetitions</source>
            <translation>
                <numerusform>حفظ {count} تكرار</numerusform>
                <numerusform>حفظ تكرار واحد</numerusform>
                <numerusform>حفظ تكرارين</numerusform>
                <numerusform>حفظ {count} تكرارات</numerusform>
                <numerusform>حفظ {count} تكرارًا</numerusform>
                <numerusform>حفظ {count} تكرار</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} repetitions</source>
            <translation>
                <numerusform>لا تكرارات</numerusform>
                <numerusform>تكرار واحد</numerusform>
                <numerusform>تكراران</numerusform>
                <numerusform>{count} تكرارات</numerusform>
                <numerusform>{count} تكرارًا</numerusform>
                <numerusform>{count} تكرار</numerusform>
            </translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>تجاهل</translation>
        </message>
        <message>
            <source>I did fewer</source>
            <translation>أنجزتُ أقل</translation>
        </message>
        <message>
            <source>Do this set again</source>
            <translation>إعادة المجموعة</translation>
        </message>
        <message>
            <source>How many did you do?</source>
            <translation>كم كان العدد؟</translation>
        </message>
        <message>
            <source>Kept by itself in {seconds} s.</source>
            <translation>يُحفظ تلقائيًّا بعد {seconds} ث.</translation>
        </message>
        <message>
            <source>Held for {seconds} s each.</source>
            <translation>مع ثبات {seconds} ث لكل منها.</translation>
        </message>
        <message>
            <source>Done. {number}.</source>
            <translation>انتهى. {number}.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>توقف.</translation>
        </message>
    </context>
    <context>
        <name>app.gui.app</name>
        <message>
            <source>The window's library cannot be loaded ({error}). Install libegl1 and libgl1, or use the command line: beltline measure PHOTO.</source>
            <translation>تعذر تحميل مكتبة النوافذ ({error}). يُرجى تثبيت libegl1 و libgl1، أو استخدام سطر الأوامر: beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>ReminderLink</name>
        <message>
            <source>The break reminder could not be started. Switch it off and on again, or start it on the command line to see why: beltline tray</source>
            <translation>تعذر تشغيل التذكير بالاستراحة. يُرجى إيقافه ثم تشغيله من جديد، أو تشغيله من سطر الأوامر لمعرفة السبب: beltline tray</translation>
        </message>
    </context>
    <context>
        <name>CalibrationPanel</name>
        <message>
            <source>Leave out the last picture</source>
            <translation>استبعاد الصورة الأخيرة</translation>
        </message>
        <message>
            <source>Work it out without the picture that was added last</source>
            <translation>إعادة الحساب من دون آخر صورة أضيفت</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>حذف المعايرة</translation>
        </message>
        <message>
            <source>Drop the calibration; checks made with it stay as they are</source>
            <translation>حذف المعايرة، أما القياسات التي اعتمدت عليها فتبقى كما هي</translation>
        </message>
        <message>
            <source>Work it out again</source>
            <translation>إعادة الحساب</translation>
        </message>
        <message>
            <source>Read the pictures that were kept of it with this version of Beltline</source>
            <translation>قراءة ما حُفظ من صورها بهذا الإصدار من Beltline</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>تم</translation>
        </message>
        <message>
            <source>Go back to measuring</source>
            <translation>العودة إلى القياس</translation>
        </message>
        <message>
            <source>Keep for {name}</source>
            <translation>حفظ لـ {name}</translation>
        </message>
    </context>
    <context>
        <name>CameraShot</name>
        <message>
            <source>Seconds until the picture is taken</source>
            <translation>عدد الثواني حتى التقاط الصورة</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>الكاميرا</translation>
        </message>
        <message>
            <source>Which camera takes the picture</source>
            <translation>الكاميرا التي تلتقط الصورة</translation>
        </message>
        <message>
            <source>Time to walk into the picture</source>
            <translation>الوقت اللازم لدخول الصورة</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>الصوت</translation>
        </message>
        <message>
            <source>A tone for each second and one for the picture</source>
            <translation>نغمة لكل ثانية ونغمة للصورة</translation>
        </message>
        <message>
            <source>Take the picture</source>
            <translation>التقاط الصورة</translation>
        </message>
        <message>
            <source>Measure this one</source>
            <translation>قياس هذه</translation>
        </message>
        <message>
            <source>Retake</source>
            <translation>إعادة الالتقاط</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>إعادة المحاولة</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>End the countdown, or leave the camera (Esc)</source>
            <translation>إنهاء العدّ التنازلي أو ترك الكاميرا (Esc)</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>جارٍ البحث عن الكاميرا…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>جارٍ فتح الكاميرا…</translation>
        </message>
        <message>
            <source>in {seconds} s</source>
            <translation>بعد {seconds} ث</translation>
        </message>
    </context>
    <context>
        <name>CameraStage</name>
        <message>
            <source>Camera picture</source>
            <translation>صورة الكاميرا</translation>
        </message>
    </context>
    <context>
        <name>EditPanel</name>
        <message>
            <source>Done</source>
            <translation>تم</translation>
        </message>
        <message>
            <source>Measure with these marks</source>
            <translation>القياس بهذه العلامات</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Forget these marks</source>
            <translation>حذف هذه العلامات</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>تراجع</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>التراجع عن الخطوة الأخيرة</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>إعادة</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>إعادة الخطوة</translation>
        </message>
        <message>
            <source>Help on finding the points</source>
            <translation>مساعدة في إيجاد النقطتين</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>تعليم النتوءين العظميين</translation>
        </message>
        <message>
            <source>Mark something upright</source>
            <translation>تعليم شيء عمودي</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>إزالة خط الشاقول</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>إضافة خط شاقول</translation>
        </message>
        <message>
            <source>Assume again that the camera was level</source>
            <translation>العودة إلى افتراض أن الكاميرا كانت مستوية</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>يوضع على إطار باب أو حافة جدار</translation>
        </message>
    </context>
    <context>
        <name>LandmarkEditor</name>
        <message>
            <source>Is the front point in front?</source>
            <translation>هل النقطة الأمامية في الأمام؟</translation>
        </message>
    </context>
    <context>
        <name>CheckPage</name>
        <message>
            <source>Camera picture</source>
            <translation>صورة الكاميرا</translation>
        </message>
        <message>
            <source>Back to automatic</source>
            <translation>عودة إلى التلقائي</translation>
        </message>
        <message>
            <source>Show again what was measured without marks</source>
            <translation>عرض ما قيس من دون علامات مجددًا</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>معايرة…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>بيان موضع العظام مرة واحدة، لقياس أدق بعد ذلك</translation>
        </message>
        <message>
            <source>Sample</source>
            <translation>مثال</translation>
        </message>
        <message>
            <source>For a number from the bones under the skin</source>
            <translation>للحصول على رقم من العظام تحت الجلد</translation>
        </message>
        <message>
            <source>Turn the picture left</source>
            <translation>تدوير الصورة يسارًا</translation>
        </message>
        <message>
            <source>Turn the picture right</source>
            <translation>تدوير الصورة يمينًا</translation>
        </message>
        <message>
            <source>Mark something upright in the picture</source>
            <translation>تعليم شيء عمودي في الصورة</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>تعليم نقطتي العظم يدويًّا</translation>
        </message>
    </context>
    <context>
        <name>PeopleChoice</name>
        <message>
            <source>Someone else is meant</source>
            <translation>المقصود شخص آخر</translation>
        </message>
        <message>
            <source>Choose again whom to measure in this picture</source>
            <translation>إعادة اختيار الشخص المراد قياسه في هذه الصورة</translation>
        </message>
    </context>
    <context>
        <name>PhoneDialog</name>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
    </context>
    <context>
        <name>RecentPhotos</name>
        <message>
            <source>Photographs that were opened last</source>
            <translation>آخر الصور المفتوحة</translation>
        </message>
        <message>
            <source>Recent</source>
            <translation>الأخيرة</translation>
        </message>
    </context>
    <context>
        <name>ResultPanel</name>
        <message>
            <source>Result</source>
            <translation>النتيجة</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>جارٍ القياس…</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>المزيد عن هذه النتيجة</translation>
        </message>
        <message>
            <source>What this number is</source>
            <translation>ما يعنيه هذا الرقم</translation>
        </message>
        <message>
            <source>What it is not</source>
            <translation>ما لا يعنيه</translation>
        </message>
        <message>
            <source>What else you can do</source>
            <translation>ما يمكن فعله أيضًا</translation>
        </message>
        <message>
            <source>More about this picture</source>
            <translation>المزيد عن هذه الصورة</translation>
        </message>
    </context>
    <context>
        <name>SaveBar</name>
        <message>
            <source>Whose history this check belongs to</source>
            <translation>صاحب السجل الذي ينتمي إليه هذا القياس</translation>
        </message>
        <message>
            <source>The day of the picture; correct it if the file is wrong</source>
            <translation>يوم التقاط الصورة، ويمكن تصحيحه إن كان خاطئًا في الملف</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>الشخص</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>تاريخ الصورة</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>الملابس</translation>
        </message>
        <message>
            <source>such as grey leggings</source>
            <translation>مثل بنطال رياضي ضيق رمادي</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>الذراعان</translation>
        </message>
        <message>
            <source>Where the arms were: they shift the balance of the body</source>
            <translation>وضع الذراعين: يؤثر في توازن الجسم</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>ملاحظة</translation>
        </message>
        <message>
            <source>anything to remember</source>
            <translation>أي شيء للتذكير</translation>
        </message>
        <message>
            <source>Keep a small copy of the picture</source>
            <translation>الاحتفاظ بنسخة صغيرة من الصورة</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>من دونها تُحفظ الأرقام فقط</translation>
        </message>
        <message>
            <source>This check is in the history</source>
            <translation>هذا القياس في السجل</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>حفظ</translation>
        </message>
        <message>
            <source>Not said</source>
            <translation>لم يُذكر</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>جارٍ الحفظ…</translation>
        </message>
        <message>
            <source>Saved</source>
            <translation>حُفظ</translation>
        </message>
        <message>
            <source>Keep this check</source>
            <translation>حفظ هذا القياس</translation>
        </message>
        <message>
            <source>Saved. {change}</source>
            <translation>حُفظ. {change}</translation>
        </message>
    </context>
    <context>
        <name>LinesModel</name>
        <message>
            <source>Picture</source>
            <translation>الصورة</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>النتيجة</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>الشخص</translation>
        </message>
        <message>
            <source>Whose check it is; click to choose</source>
            <translation>صاحب القياس، ويمكن النقر للاختيار</translation>
        </message>
        <message>
            <source>Taken in</source>
            <translation>محتسبة</translation>
        </message>
        <message>
            <source>Left out</source>
            <translation>مستبعدة</translation>
        </message>
    </context>
    <context>
        <name>PersonDelegate</name>
        <message>
            <source>Person</source>
            <translation>الشخص</translation>
        </message>
    </context>
    <context>
        <name>LinesTable</name>
        <message>
            <source>Pictures</source>
            <translation>الصور</translation>
        </message>
    </context>
    <context>
        <name>SeveralView</name>
        <message>
            <source>Whose checks all of them are that are not saved yet</source>
            <translation>صاحب القياسات التي لم تُحفظ بعد كلها</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>رجوع</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>فتح…</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>جارٍ القياس</translation>
        </message>
        <message>
            <source>Person for all</source>
            <translation>الشخص للجميع</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>اختيار…</translation>
        </message>
        <message>
            <source>Keep a small copy of the pictures</source>
            <translation>الاحتفاظ بنسخة صغيرة من الصور</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>من دونها تُحفظ الأرقام فقط</translation>
        </message>
        <message>
            <source>Look at none of them</source>
            <translation>عدم عرض أي منها</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>النتيجة السابقة لهذه</translation>
        </message>
        <message>
            <source>Open other photographs</source>
            <translation>فتح صور أخرى</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>إيقاف</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>متابعة</translation>
        </message>
    </context>
    <context>
        <name>StartView</name>
        <message>
            <source>Open a photograph…</source>
            <translation>فتح صورة…</translation>
        </message>
        <message>
            <source>Take one with the camera</source>
            <translation>التقاط صورة بالكاميرا</translation>
        </message>
        <message>
            <source>With a countdown, so that you can step back</source>
            <translation>بعدّ تنازلي يتيح الرجوع إلى الخلف</translation>
        </message>
        <message>
            <source>Try a sample</source>
            <translation>تجربة مثال</translation>
        </message>
        <message>
            <source>A computer-made person, measured like a photograph</source>
            <translation>شخص مُنشأ بالحاسوب، يُقاس كما تُقاس الصور</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>معايرة…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>بيان موضع العظام مرة واحدة، لقياس أدق بعد ذلك</translation>
        </message>
        <message>
            <source>Choose a picture file</source>
            <translation>اختيار ملف صورة</translation>
        </message>
    </context>
    <context>
        <name>PhotoIntake</name>
        <message>
            <source>Open photographs</source>
            <translation>فتح صور</translation>
        </message>
        <message>
            <source>Pasted picture</source>
            <translation>صورة ملصقة</translation>
        </message>
        <message>
            <source>Dropped picture</source>
            <translation>صورة مسحوبة</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>صور ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>كل الملفات (*)</translation>
        </message>
    </context>
    <context>
        <name>PictureTools</name>
        <message>
            <source>Open…</source>
            <translation>فتح…</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>الكاميرا</translation>
        </message>
        <message>
            <source>Take a photograph with the camera</source>
            <translation>التقاط صورة بالكاميرا</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>رجوع</translation>
        </message>
        <message>
            <source>All or nothing (O)</source>
            <translation>الكل أو لا شيء (O)</translation>
        </message>
        <message>
            <source>Lines</source>
            <translation>الخطوط</translation>
        </message>
        <message>
            <source>What is drawn on the picture; all or nothing:</source>
            <translation>ما يُرسم على الصورة، الكل أو لا شيء:</translation>
        </message>
        <message>
            <source>Open another photograph</source>
            <translation>فتح صورة أخرى</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>النتيجة السابقة لهذه</translation>
        </message>
        <message>
            <source>Zoom out</source>
            <translation>تصغير</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>تكبير</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>ملاءمة</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>عرض الصورة كاملة</translation>
        </message>
        <message>
            <source>Tilt</source>
            <translation>الميل</translation>
        </message>
        <message>
            <source>Horizontal line</source>
            <translation>خط أفقي</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>خط الحزام</translation>
        </message>
        <message>
            <source>Outline of the body</source>
            <translation>حدود الجسم</translation>
        </message>
        <message>
            <source>Joints</source>
            <translation>المفاصل</translation>
        </message>
        <message>
            <source>Upright lines of the room</source>
            <translation>الخطوط العمودية في الغرفة</translation>
        </message>
    </context>
    <context>
        <name>CopiesCard</name>
        <message>
            <source>Earlier copies</source>
            <translation>النسخ السابقة</translation>
        </message>
        <message>
            <source>Copies of earlier days</source>
            <translation>نسخ الأيام السابقة</translation>
        </message>
        <message>
            <source>None yet</source>
            <translation>لا شيء بعد</translation>
        </message>
        <message>
            <source>Go back to this copy…</source>
            <translation>العودة إلى هذه النسخة…</translation>
        </message>
        <message>
            <source>Save what can be read</source>
            <translation>حفظ ما يمكن قراءته</translation>
        </message>
        <message>
            <source>Goes on with it; the damaged file is kept beside it</source>
            <translation>يتابع العمل به، ويُحتفظ بالملف التالف إلى جانبه</translation>
        </message>
        <message>
            <source>Go back to this copy</source>
            <translation>العودة إلى هذه النسخة</translation>
        </message>
        <message>
            <source>Go back</source>
            <translation>عودة</translation>
        </message>
        <message>
            <source>Beltline copies your history on each day on which something new is kept, and keeps the last {days} copies on this computer.</source>
            <translation>ينسخ Beltline السجل في كل يوم يُحفظ فيه شيء جديد، ويحتفظ على هذا الحاسوب بآخر {days} نسخ.</translation>
        </message>
        <message>
            <source>Go back to the history as it was at the beginning of {day}? The history as it is now is not deleted: it is kept beside it.</source>
            <translation>هل تريدون العودة إلى السجل كما كان في بداية يوم {day}؟ لن يُحذف السجل الحالي، بل يُحتفظ به إلى جانبه.</translation>
        </message>
    </context>
    <context>
        <name>HurtsButton</name>
        <message>
            <source>Stop at once (H)</source>
            <translation>توقف فوري (H)</translation>
        </message>
        <message>
            <source>Stops the exercise at once</source>
            <translation>إيقاف التمرين فورًا</translation>
        </message>
    </context>
    <context>
        <name>SetupCard</name>
        <message>
            <source>Start this set after five seconds</source>
            <translation>بدء هذه المجموعة بعد خمس ثوانٍ</translation>
        </message>
        <message>
            <source>Leave this exercise (Esc)</source>
            <translation>ترك هذا التمرين (Esc)</translation>
        </message>
        <message>
            <source>Only what you see: it is counted in what the camera sees</source>
            <translation>للعرض فقط: العدّ يجري على ما تراه الكاميرا</translation>
        </message>
    </context>
    <context>
        <name>EndCard</name>
        <message>
            <source>End of the set</source>
            <translation>نهاية المجموعة</translation>
        </message>
        <message>
            <source>Put this set into your diary</source>
            <translation>تدوين هذه المجموعة في اليوميات</translation>
        </message>
        <message>
            <source>Start this set again</source>
            <translation>بدء هذه المجموعة من جديد</translation>
        </message>
        <message>
            <source>Say how many repetitions you have done</source>
            <translation>ذكر عدد التكرارات المنجزة</translation>
        </message>
        <message>
            <source>Go on with this set</source>
            <translation>متابعة هذه المجموعة</translation>
        </message>
        <message>
            <source>Do not keep this set</source>
            <translation>عدم حفظ هذه المجموعة</translation>
        </message>
        <message>
            <source>Leave this exercise</source>
            <translation>ترك هذا التمرين</translation>
        </message>
        <message>
            <source>One fewer</source>
            <translation>أقل بواحد</translation>
        </message>
        <message>
            <source>One more</source>
            <translation>أكثر بواحد</translation>
        </message>
    </context>
    <context>
        <name>ExercisePlayer</name>
        <message>
            <source>Go on (Space)</source>
            <translation>متابعة (المسافة)</translation>
        </message>
        <message>
            <source>Pause for now (Space)</source>
            <translation>إيقاف مؤقت (المسافة)</translation>
        </message>
        <message>
            <source>Go to what comes next</source>
            <translation>الانتقال إلى ما يلي</translation>
        </message>
        <message>
            <source>Switch the camera off; what was counted stays</source>
            <translation>إطفاء الكاميرا، وما عُدّ يبقى</translation>
        </message>
        <message>
            <source>End this set (Esc)</source>
            <translation>إنهاء هذه المجموعة (Esc)</translation>
        </message>
        <message>
            <source>What to do, and the count, are spoken</source>
            <translation>تُنطق التعليمات والعدّ</translation>
        </message>
        <message>
            <source>Tones mark each phase, and stand in for a voice</source>
            <translation>تدل النغمات على كل مرحلة، وتحل محل الصوت عند غيابه</translation>
        </message>
    </context>
    <context>
        <name>CoachStage</name>
        <message>
            <source>Picture of the camera</source>
            <translation>صورة الكاميرا</translation>
        </message>
    </context>
    <context>
        <name>ExerciseTimer</name>
        <message>
            <source>Timer</source>
            <translation>المؤقّت</translation>
        </message>
    </context>
    <context>
        <name>SaveLogButton</name>
        <message>
            <source>Save log…</source>
            <translation>حفظ السجل التقني…</translation>
        </message>
        <message>
            <source>Save the log</source>
            <translation>حفظ السجل التقني</translation>
        </message>
        <message>
            <source>The log was not saved: {why}. Choose another folder.</source>
            <translation>لم يُحفظ السجل التقني: {why}. يُرجى اختيار مجلد آخر.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>حُفظ باسم {name}.</translation>
        </message>
    </context>
    <context>
        <name>LogDialog</name>
        <message>
            <source>What went wrong in Beltline, for a report about a fault. There are no names, notes or pictures in it. It is sent nowhere.</source>
            <translation>ما تعطل في Beltline، من أجل الإبلاغ عن خلل. ليس فيه أسماء ولا ملاحظات ولا صور، ولا يُرسل إلى أي مكان.</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>السجل التقني</translation>
        </message>
        <message>
            <source>The log</source>
            <translation>السجل التقني</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>نسخ</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>Nothing is in the log.</source>
            <translation>السجل التقني فارغ.</translation>
        </message>
    </context>
    <context>
        <name>CrashWindow</name>
        <message>
            <source>Something in Beltline did not work just now, through no fault of yours.</source>
            <translation>تعطل شيء في Beltline الآن، وليس ذلك خطأ منكم.</translation>
        </message>
        <message>
            <source>What you saved is safe. Nothing was sent anywhere. If it happens again, save the log and send it with a report.</source>
            <translation>ما حفظتموه في أمان، ولم يُرسل شيء إلى أي مكان. إن تكرر ذلك، فيُرجى حفظ السجل التقني وإرساله مع بلاغ.</translation>
        </message>
        <message>
            <source>Something went wrong</source>
            <translation>حدث خلل</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>متابعة</translation>
        </message>
        <message>
            <source>Close Beltline</source>
            <translation>إغلاق Beltline</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>حالة البرنامج…</translation>
        </message>
    </context>
    <context>
        <name>HelpButtons</name>
        <message>
            <source>First steps…</source>
            <translation>الخطوات الأولى…</translation>
        </message>
        <message>
            <source>The three questions of the first start, once more</source>
            <translation>أسئلة التشغيل الأول الثلاثة، مرة أخرى</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>حالة البرنامج…</translation>
        </message>
        <message>
            <source>Looks at camera, voice, letters and all else, and helps to mend it</source>
            <translation>فحص الكاميرا والصوت والحروف وكل ما سواها، مع المساعدة على الإصلاح</translation>
        </message>
    </context>
    <context>
        <name>HelpDoor</name>
        <message>
            <source>Renamed {before}</source>
            <translation>تغيّر اسم {before}</translation>
        </message>
    </context>
    <context>
        <name>FirstSteps</name>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted. It measures; it is no doctor. Three questions, and you can begin.</source>
            <translation>يقيس Beltline من صورة جانبية مقدار ميل الحوض. إنه أداة قياس وليس طبيبًا. ثلاثة أسئلة، ثم يمكن البدء.</translation>
        </message>
        <message>
            <source>All of these are there later, too.</source>
            <translation>كل هذا متاح لاحقًا أيضًا.</translation>
        </message>
        <message>
            <source>Not now</source>
            <translation>ليس الآن</translation>
        </message>
        <message>
            <source>Settings asks again whenever you like</source>
            <translation>يمكن الإجابة عنها متى شئتم من الإعدادات</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>رجوع</translation>
        </message>
        <message>
            <source>Who is it for?</source>
            <translation>لمن القياس؟</translation>
        </message>
        <message>
            <source>How do you get a picture?</source>
            <translation>من أين تأتي الصورة؟</translation>
        </message>
        <message>
            <source>What first?</source>
            <translation>بماذا نبدأ؟</translation>
        </message>
        <message>
            <source>Name of the first person</source>
            <translation>اسم الشخص الأول</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>بدء</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>التالي</translation>
        </message>
        <message>
            <source>Step {n} of {count}</source>
            <translation>الخطوة {n} من {count}</translation>
        </message>
        <message>
            <source>Only me</source>
            <translation>لي وحدي</translation>
        </message>
        <message>
            <source>Nothing to set up.</source>
            <translation>لا حاجة إلى أي إعداد.</translation>
        </message>
        <message>
            <source>Several people</source>
            <translation>لعدة أشخاص</translation>
        </message>
        <message>
            <source>A practice or a family: each person has a history of their own.</source>
            <translation>عيادة أو عائلة: لكل شخص سجله الخاص.</translation>
        </message>
        <message>
            <source>You choose whose turn it is at the bottom left of the window, and add people under Settings. Everything stays on this computer, in {folder}.</source>
            <translation>يُختار صاحب الدور أسفل يمين النافذة، ويُضاف الأشخاص من الإعدادات. يبقى كل شيء على هذا الحاسوب، في ‎{folder}.</translation>
        </message>
        <message>
            <source>This computer's camera</source>
            <translation>كاميرا هذا الحاسوب</translation>
        </message>
        <message>
            <source>It counts down, so that you can step back.</source>
            <translation>تعدّ تنازليًّا، ليتسنى الرجوع إلى الخلف.</translation>
        </message>
        <message>
            <source>My phone</source>
            <translation>هاتفي</translation>
        </message>
        <message>
            <source>It sends the pictures over your own network, to this computer only.</source>
            <translation>يرسل الصور عبر شبكتكم الخاصة، إلى هذا الحاسوب وحده.</translation>
        </message>
        <message>
            <source>A photograph</source>
            <translation>صورة فوتوغرافية</translation>
        </message>
        <message>
            <source>A picture file that you have already.</source>
            <translation>ملف صورة موجود لديكم.</translation>
        </message>
        <message>
            <source>I only look around</source>
            <translation>مجرد استطلاع</translation>
        </message>
        <message>
            <source>No picture for now.</source>
            <translation>من دون صورة حاليًّا.</translation>
        </message>
        <message>
            <source>The sample picture</source>
            <translation>صورة المثال</translation>
        </message>
        <message>
            <source>A computer-made person, so that you see what comes out of it.</source>
            <translation>شخص مُنشأ بالحاسوب، لمعرفة شكل النتيجة.</translation>
        </message>
        <message>
            <source>A short tour</source>
            <translation>جولة قصيرة</translation>
        </message>
        <message>
            <source>Two minutes through the window; you can leave it at any time.</source>
            <translation>دقيقتان في النافذة، ويمكن إنهاؤها في أي وقت.</translation>
        </message>
        <message>
            <source>Straight on</source>
            <translation>البدء مباشرة</translation>
        </message>
        <message>
            <source>To where your own pictures begin.</source>
            <translation>إلى حيث يبدأ العمل بصوركم.</translation>
        </message>
    </context>
    <context>
        <name>CheckBrowser</name>
        <message>
            <source>Select two checks to compare them (Ctrl+K)</source>
            <translation>تحديد قياسين للمقارنة بينهما (Ctrl+K)</translation>
        </message>
        <message>
            <source>Delete the selected checks (Delete)</source>
            <translation>حذف القياسات المحددة (Delete)</translation>
        </message>
        <message>
            <source>Show all checks</source>
            <translation>عرض كل القياسات</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>مقارنة</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>حذف</translation>
        </message>
    </context>
    <context>
        <name>CheckFilter</name>
        <message>
            <source>Search clothes and notes</source>
            <translation>البحث في الملابس والملاحظات</translation>
        </message>
        <message>
            <source>Dates to show</source>
            <translation>التواريخ المعروضة</translation>
        </message>
        <message>
            <source>Way of measuring to show</source>
            <translation>طريقة القياس المعروضة</translation>
        </message>
        <message>
            <source>Clothes to show</source>
            <translation>الملابس المعروضة</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>مسح</translation>
        </message>
        <message>
            <source>All dates</source>
            <translation>كل التواريخ</translation>
        </message>
        <message>
            <source>Last month</source>
            <translation>آخر شهر</translation>
        </message>
        <message>
            <source>Last 3 months</source>
            <translation>آخر 3 أشهر</translation>
        </message>
        <message>
            <source>Last year</source>
            <translation>آخر سنة</translation>
        </message>
        <message>
            <source>From … to …</source>
            <translation>من … إلى …</translation>
        </message>
        <message>
            <source>All methods</source>
            <translation>كل الطرق</translation>
        </message>
        <message>
            <source>All clothes</source>
            <translation>كل الملابس</translation>
        </message>
        <message>
            <source>to</source>
            <translation>إلى</translation>
        </message>
        <message>
            <source>Search clothes and notes (Ctrl+F)</source>
            <translation>البحث في الملابس والملاحظات (Ctrl+F)</translation>
        </message>
        <message>
            <source>First day to show</source>
            <translation>أول يوم معروض</translation>
        </message>
        <message>
            <source>Last day to show</source>
            <translation>آخر يوم معروض</translation>
        </message>
        <message>
            <source>Show all checks again</source>
            <translation>عرض كل القياسات مجددًا</translation>
        </message>
        <message>
            <source>Nothing said</source>
            <translation>لم يُذكر شيء</translation>
        </message>
    </context>
    <context>
        <name>CheckDetail</name>
        <message>
            <source>The check in full</source>
            <translation>القياس كاملًا</translation>
        </message>
        <message>
            <source>The picture with what was measured</source>
            <translation>الصورة وعليها ما قيس</translation>
        </message>
        <message>
            <source>Close the check</source>
            <translation>إغلاق القياس</translation>
        </message>
        <message>
            <source>Close the check (Escape)</source>
            <translation>إغلاق القياس (Esc)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>المزيد عن هذه النتيجة</translation>
        </message>
        <message>
            <source>Numbers and conditions of the check</source>
            <translation>أرقام القياس وظروفه</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>تاريخ الصورة</translation>
        </message>
        <message>
            <source>The day of the picture; correct it here</source>
            <translation>يوم التقاط الصورة، ويمكن تصحيحه هنا</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>الملابس</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>الذراعان</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>ملاحظة</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>لم يُذكر</translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message>
            <source>How much of the later picture shows, in percent</source>
            <translation>مقدار ظهور الصورة اللاحقة بالمئة</translation>
        </message>
        <message>
            <source>Compare two checks</source>
            <translation>مقارنة قياسين</translation>
        </message>
        <message>
            <source>Back to all checks</source>
            <translation>العودة إلى القياسات</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>العودة إلى القياسات (Esc)</translation>
        </message>
        <message>
            <source>Side by side</source>
            <translation>جنبًا إلى جنب</translation>
        </message>
        <message>
            <source>Laid over each other</source>
            <translation>فوق بعضهما</translation>
        </message>
        <message>
            <source>The later picture laid over the earlier one</source>
            <translation>الصورة اللاحقة فوق السابقة</translation>
        </message>
        <message>
            <source>Earlier</source>
            <translation>السابقة</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>اللاحقة</translation>
        </message>
    </context>
    <context>
        <name>_Side</name>
        <message>
            <source>{which} picture</source>
            <translation>الصورة {which}</translation>
        </message>
    </context>
    <context>
        <name>ExperimentSection</name>
        <message>
            <source>Did it help?</source>
            <translation>هل أفاد ذلك؟</translation>
        </message>
    </context>
    <context>
        <name>ExperimentView</name>
        <message>
            <source>Back to all checks</source>
            <translation>العودة إلى القياسات</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>العودة إلى القياسات (Esc)</translation>
        </message>
    </context>
    <context>
        <name>HistoryPage</name>
        <message>
            <source>History</source>
            <translation>السجل</translation>
        </message>
        <message>
            <source>Next check: due since {day}</source>
            <translation>القياس التالي: موعده منذ {day}</translation>
        </message>
        <message>
            <source>Next check: {day}</source>
            <translation>القياس التالي: {day}</translation>
        </message>
        <message>
            <source>Report…</source>
            <translation>تقرير…</translation>
        </message>
        <message>
            <source>Write a PDF to bring to a physiotherapist</source>
            <translation>إنشاء ملف PDF لإحضاره إلى اختصاصي العلاج الطبيعي</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>تصدير…</translation>
        </message>
        <message>
            <source>Write all checks to a file for other programs</source>
            <translation>كتابة كل القياسات في ملف لبرامج أخرى</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>استيراد…</translation>
        </message>
        <message>
            <source>Read checks from a file that was exported before</source>
            <translation>قراءة قياسات من ملف صُدّر سابقًا</translation>
        </message>
    </context>
    <context>
        <name>HistoryActions</name>
        <message>
            <source>Spreadsheet, checks only (*.csv)</source>
            <translation>جدول بيانات، القياسات فقط (*.csv)</translation>
        </message>
        <message>
            <source>Everything (*.json)</source>
            <translation>كل شيء (*.json)</translation>
        </message>
        <message>
            <source>Export all checks</source>
            <translation>تصدير كل القياسات</translation>
        </message>
        <message>
            <source>Backup (*.zip)</source>
            <translation>نسخة احتياطية (*.zip)</translation>
        </message>
        <message>
            <source>Backed up to {path}: {checks} checks, {pictures} pictures.</source>
            <translation>نُسخ احتياطيًّا إلى ‎{path}. القياسات: {checks}، الصور: {pictures}.</translation>
        </message>
        <message>
            <source>Brought back: {new} checks, {pictures} pictures. Already there: {old} checks.</source>
            <translation>ما استُعيد: قياسات {new}، صور {pictures}. قياسات موجودة من قبل: {old}.</translation>
        </message>
        <message>
            <source>Import checks</source>
            <translation>استيراد قياسات</translation>
        </message>
        <message>
            <source>Checks added: {new}. Already there, and left as they are: {old}.</source>
            <translation>القياسات المضافة: {new}. الموجودة من قبل وبقيت كما هي: {old}.</translation>
        </message>
        <message>
            <source>Exported checks and backups (*.csv *.json *.zip)</source>
            <translation>قياسات مُصدَّرة ونسخ احتياطية (*.csv *.json *.zip)</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}.</source>
            <translation>ما أضيف من تمارين واستراحات وفحوص ذاتية وإجابات ومعايرات: {count}.</translation>
        </message>
        <message>
            <source>Back up everything</source>
            <translation>نسخ كل شيء احتياطيًّا</translation>
        </message>
        <message>
            <source>Checks written to {path}: {count}.</source>
            <translation>القياسات المكتوبة في ‎{path}: {count}.</translation>
        </message>
        <message>
            <source>Squeeze tests added: {count}.</source>
            <translation>اختبارات الشدّ المضافة: {count}.</translation>
        </message>
    </context>
    <context>
        <name>RangeModel</name>
        <message>
            <source>Date</source>
            <translation>التاريخ</translation>
        </message>
        <message>
            <source>Range (likely)</source>
            <translation>المدى (على الأرجح)</translation>
        </message>
        <message>
            <source>Relaxed, from tucked to arched (likely)</source>
            <translation>الاسترخاء، من الضمّ إلى التقوّس (على الأرجح)</translation>
        </message>
        <message>
            <source>Measured by</source>
            <translation>طريقة القياس</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>الموضع</translation>
        </message>
    </context>
    <context>
        <name>SelfTestSection</name>
        <message>
            <source>Deleted {tests}</source>
            <translation>حُذف: {tests}</translation>
        </message>
    </context>
    <context>
        <name>SelfTestList</name>
        <message>
            <source>Back to all checks</source>
            <translation>العودة إلى القياسات</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>العودة إلى القياسات (Esc)</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>حذف</translation>
        </message>
        <message>
            <source>Delete the selected tests (Delete)</source>
            <translation>حذف الاختبارات المحددة (Delete)</translation>
        </message>
    </context>
    <context>
        <name>SqueezeSection</name>
        <message>
            <source>Answer changed</source>
            <translation>عُدّلت الإجابة</translation>
        </message>
    </context>
    <context>
        <name>SqueezeModel</name>
        <message>
            <source>Date</source>
            <translation>التاريخ</translation>
        </message>
        <message>
            <source>Turn (likely)</source>
            <translation>الدوران (على الأرجح)</translation>
        </message>
    </context>
    <context>
        <name>CheckModel</name>
        <message>
            <source>Date</source>
            <translation>التاريخ</translation>
        </message>
        <message>
            <source>Tilt (likely)</source>
            <translation>الميل (على الأرجح)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>الطريقة</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>الملابس</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>ملاحظة</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>الذراعان</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>الصورة</translation>
        </message>
        <message>
            <source>kept</source>
            <translation>محفوظة</translation>
        </message>
        <message>
            <source>none</source>
            <translation>لا توجد</translation>
        </message>
    </context>
    <context>
        <name>CheckList</name>
        <message>
            <source>Checks</source>
            <translation>القياسات</translation>
        </message>
        <message>
            <source>Enter opens a check, F2 edits clothes or note, Delete deletes.</source>
            <translation>مفتاح Enter يفتح القياس، وF2 يعدّل الملابس أو الملاحظة، وDelete يحذف.</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>عرض</translation>
        </message>
        <message>
            <source>Compare the two</source>
            <translation>مقارنة الاثنين</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>حذف</translation>
        </message>
        <message>
            <source>Edit clothes</source>
            <translation>تعديل الملابس</translation>
        </message>
        <message>
            <source>Edit note</source>
            <translation>تعديل الملاحظة</translation>
        </message>
    </context>
    <context>
        <name>TrendPanel</name>
        <message>
            <source>Way of measuring that the trend shows</source>
            <translation>طريقة القياس المعروضة في المنحنى</translation>
        </message>
        <message>
            <source>Different ways of measuring are never mixed: choose the one to see</source>
            <translation>لا تُخلط طرق القياس المختلفة أبدًا، ويمكن اختيار الطريقة المعروضة</translation>
        </message>
        <message>
            <source>Show less time (+)</source>
            <translation>عرض مدة أقصر (+)</translation>
        </message>
        <message>
            <source>Show more time (-)</source>
            <translation>عرض مدة أطول (-)</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>عرض الكل</translation>
        </message>
        <message>
            <source>Show all checks in the trend (0)</source>
            <translation>عرض كل القياسات في المنحنى (0)</translation>
        </message>
    </context>
    <context>
        <name>TrendPlot</name>
        <message>
            <source>Tilt over time</source>
            <translation>الميل عبر الزمن</translation>
        </message>
        <message>
            <source>Left and Right go from check to check, Enter opens one, plus and minus zoom, Shift with an arrow moves the view, 0 shows all.</source>
            <translation>السهمان الأيسر والأيمن للتنقل بين القياسات، ومفتاح Enter لفتح أحدها، وعلامتا + و - للتكبير والتصغير، ومفتاح Shift مع سهم لتحريك العرض، والرقم 0 لعرض الكل.</translation>
        </message>
    </context>
    <context>
        <name>KeysDialog</name>
        <message>
            <source>Keys</source>
            <translation>المفاتيح</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>Everywhere</source>
            <translation>في كل مكان</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>القياس</translation>
        </message>
        <message>
            <source>Marking points</source>
            <translation>تعليم النقاط</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>مباشر</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>التمارين</translation>
        </message>
        <message>
            <source>History</source>
            <translation>السجل</translation>
        </message>
        <message>
            <source>The first page; Ctrl+2 the second, and so on</source>
            <translation>الصفحة الأولى، والثانية بـ Ctrl+2، وهكذا</translation>
        </message>
        <message>
            <source>Open a photograph</source>
            <translation>فتح صورة</translation>
        </message>
        <message>
            <source>Measure a picture that was copied</source>
            <translation>قياس صورة منسوخة</translation>
        </message>
        <message>
            <source>Take back what was done last</source>
            <translation>التراجع عن آخر ما جرى</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>إعادة الخطوة</translation>
        </message>
        <message>
            <source>Larger text; Ctrl+- makes it smaller (not on Check)</source>
            <translation>نص أكبر، ومع Ctrl+-‎ أصغر (إلا في صفحة القياس)</translation>
        </message>
        <message>
            <source>The usual text size</source>
            <translation>حجم النص المعتاد</translation>
        </message>
        <message>
            <source>Fill the screen, or leave it</source>
            <translation>ملء الشاشة أو الخروج منه</translation>
        </message>
        <message>
            <source>This list</source>
            <translation>هذه القائمة</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>إنهاء</translation>
        </message>
        <message>
            <source>Save the check</source>
            <translation>حفظ القياس</translation>
        </message>
        <message>
            <source>Copy the result: words and picture</source>
            <translation>نسخ النتيجة: النص والصورة</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>تعليم نقطتي العظم يدويًّا</translation>
        </message>
        <message>
            <source>Back to the result before</source>
            <translation>العودة إلى النتيجة السابقة</translation>
        </message>
        <message>
            <source>Choose the first of several people; 2 the second</source>
            <translation>اختيار أول شخص من عدة أشخاص، و2 للثاني</translation>
        </message>
        <message>
            <source>Open the selected one of several pictures</source>
            <translation>فتح الصورة المحددة من عدة صور</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>عرض الصورة كاملة</translation>
        </message>
        <message>
            <source>Zoom in; Ctrl+- zooms out</source>
            <translation>تكبير، ومع Ctrl+-‎ تصغير</translation>
        </message>
        <message>
            <source>Draw all lines, or none</source>
            <translation>رسم كل الخطوط أو لا شيء منها</translation>
        </message>
        <message>
            <source>The next point</source>
            <translation>النقطة التالية</translation>
        </message>
        <message>
            <source>Arrow keys move the point; with Shift faster</source>
            <translation>مفاتيح الأسهم تحرّك النقطة، ومع Shift أسرع</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>تم</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Stop; any other key does, too</source>
            <translation>توقف، وأي مفتاح آخر يفعل ذلك أيضًا</translation>
        </message>
        <message>
            <source>Pause, or go on</source>
            <translation>إيقاف مؤقت أو متابعة</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>هذا مؤلم</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>رجوع</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>بحث</translation>
        </message>
        <message>
            <source>Show the selected check</source>
            <translation>عرض القياس المحدد</translation>
        </message>
        <message>
            <source>Copy the check that is shown</source>
            <translation>نسخ القياس المعروض</translation>
        </message>
        <message>
            <source>Compare the two that are selected</source>
            <translation>مقارنة القياسين المحددين</translation>
        </message>
        <message>
            <source>Delete what is selected</source>
            <translation>حذف المحدد</translation>
        </message>
        <message>
            <source>Read the history again</source>
            <translation>قراءة السجل من جديد</translation>
        </message>
    </context>
    <context>
        <name>LiveIntro</name>
        <message>
            <source>Switch the camera on and begin</source>
            <translation>تشغيل الكاميرا والبدء</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>بدء</translation>
        </message>
    </context>
    <context>
        <name>LiveSetup</name>
        <message>
            <source>Measuring more often makes a check surer</source>
            <translation>كثرة القياس تجعله أكثر تأكيدًا</translation>
        </message>
        <message>
            <source>More shows the outline better, but is slower</source>
            <translation>الدقة الأعلى تُظهر حدود الجسم أوضح، لكنها أبطأ</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>التجهيز</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>المهمة</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>القياس</translation>
        </message>
        <message>
            <source>Measure the tilt of the pelvis</source>
            <translation>قياس ميل الحوض</translation>
        </message>
        <message>
            <source>Squeeze test</source>
            <translation>اختبار الشدّ</translation>
        </message>
        <message>
            <source>See how far the pelvis turns backward when you squeeze your buttocks</source>
            <translation>معرفة مقدار دوران الحوض إلى الخلف عند شدّ الأليتين</translation>
        </message>
        <message>
            <source>See how far you can turn the pelvis, and where you stand in between</source>
            <translation>معرفة أقصى دوران ممكن للحوض، وموضع الوقوف المعتاد ضمنه</translation>
        </message>
        <message>
            <source>From three photographs…</source>
            <translation>من ثلاث صور…</translation>
        </message>
        <message>
            <source>Work out the range test from a picture of each position</source>
            <translation>حساب اختبار المدى من صورة لكل وضع</translation>
        </message>
        <message>
            <source>Repeats</source>
            <translation>الإعادات</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>الكاميرا</translation>
        </message>
        <message>
            <source>Resolution</source>
            <translation>الدقة</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>عكس الصورة</translation>
        </message>
        <message>
            <source>This changes what you see, not what is measured</source>
            <translation>هذا يغيّر ما يُعرض، لا ما يُقاس</translation>
        </message>
        <message>
            <source>Start when this page opens</source>
            <translation>البدء عند فتح هذه الصفحة</translation>
        </message>
        <message>
            <source>Otherwise the camera waits for Start each time</source>
            <translation>وإلا انتظرت الكاميرا زر البدء كل مرة</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>موضع الكاميرا</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>الصوت</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>صوت ناطق</translation>
        </message>
        <message>
            <source>Instructions are spoken</source>
            <translation>تُنطق التعليمات</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>النغمات</translation>
        </message>
        <message>
            <source>For the beginning and the end, and where there is no voice</source>
            <translation>للبداية والنهاية، ولما لا صوت له</translation>
        </message>
    </context>
    <context>
        <name>LiveResult</name>
        <message>
            <source>Result of the live check</source>
            <translation>نتيجة القياس المباشر</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>المزيد عن هذه النتيجة</translation>
        </message>
        <message>
            <source>Check again</source>
            <translation>قياس جديد</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>تشغيل الكاميرا مرة أخرى</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>حذف</translation>
        </message>
        <message>
            <source>Remove this check from the history</source>
            <translation>إزالة هذا القياس من السجل</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>احتفاظ</translation>
        </message>
        <message>
            <source>Save what was measured so far</source>
            <translation>حفظ ما قيس حتى الآن</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>تجاهل</translation>
        </message>
        <message>
            <source>Save nothing</source>
            <translation>عدم حفظ شيء</translation>
        </message>
        <message>
            <source>Calibrate with this check</source>
            <translation>المعايرة بهذا القياس</translation>
        </message>
        <message>
            <source>Learn from the stickers how your bones differ from your outline</source>
            <translation>معرفة الفرق بين العظام وحدود الجسم من الملصقين</translation>
        </message>
    </context>
    <context>
        <name>LivePage</name>
        <message>
            <source>Pause</source>
            <translation>إيقاف مؤقت</translation>
        </message>
        <message>
            <source>Switch the camera off for now</source>
            <translation>إطفاء الكاميرا الآن</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>إيقاف</translation>
        </message>
        <message>
            <source>Stop; what was measured can be kept (Esc)</source>
            <translation>إيقاف، ويمكن الاحتفاظ بما قيس (Esc)</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>التجهيز</translation>
        </message>
        <message>
            <source>Show or hide the set-up</source>
            <translation>إظهار التجهيز أو إخفاؤه</translation>
        </message>
    </context>
    <context>
        <name>RangePhotographs</name>
        <message>
            <source>Back</source>
            <translation>رجوع</translation>
        </message>
        <message>
            <source>Back to the camera</source>
            <translation>العودة إلى الكاميرا</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>صور ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>كل الملفات (*)</translation>
        </message>
    </context>
    <context>
        <name>LiveStage</name>
        <message>
            <source>Live picture</source>
            <translation>الصورة المباشرة</translation>
        </message>
    </context>
    <context>
        <name>LiveTest</name>
        <message>
            <source>Test again</source>
            <translation>اختبار جديد</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>تشغيل الكاميرا مرة أخرى</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>حذف</translation>
        </message>
        <message>
            <source>Remove this test from the history</source>
            <translation>إزالة هذا الاختبار من السجل</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>حفظ</translation>
        </message>
        <message>
            <source>Try to save this test again</source>
            <translation>محاولة حفظ هذا الاختبار مجددًا</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Usual text size</source>
            <translation>حجم النص المعتاد</translation>
        </message>
        <message>
            <source>There is no backup of your checks yet. Settings makes one.</source>
            <translation>لا توجد نسخة احتياطية من القياسات بعد، ويمكن إنشاؤها في الإعدادات.</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>إنهاء</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>تراجع</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>إعادة</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>المفاتيح</translation>
        </message>
        <message>
            <source>Full screen</source>
            <translation>ملء الشاشة</translation>
        </message>
        <message>
            <source>Your last backup is from {day}. Settings makes a new one.</source>
            <translation>آخر نسخة احتياطية من {day}، ويمكن إنشاء نسخة جديدة في الإعدادات.</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>فتح</translation>
        </message>
        <message>
            <source>Paste</source>
            <translation>لصق</translation>
        </message>
        <message>
            <source>Larger text</source>
            <translation>نص أكبر</translation>
        </message>
        <message>
            <source>Smaller text</source>
            <translation>نص أصغر</translation>
        </message>
    </context>
    <context>
        <name>Navigation</name>
        <message>
            <source>Pages</source>
            <translation>الصفحات</translation>
        </message>
        <message>
            <source>Find, add or change people…</source>
            <translation>إيجاد الأشخاص أو إضافتهم أو تعديلهم…</translation>
        </message>
        <message>
            <source>Whose checks are shown: {name}</source>
            <translation>صاحب القياسات المعروضة: {name}</translation>
        </message>
        <message>
            <source>{title}: a break is due</source>
            <translation>{title}: حان وقت الاستراحة</translation>
        </message>
        <message>
            <source>Person: {name}</source>
            <translation>الشخص: {name}</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Deleted all people with all their checks</source>
            <translation>حُذف جميع الأشخاص مع قياساتهم كلها</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>القياس</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>مباشر</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>التمارين</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>تقليل الجلوس</translation>
        </message>
        <message>
            <source>History</source>
            <translation>السجل</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>الإعدادات</translation>
        </message>
    </context>
    <context>
        <name>PeopleCard</name>
        <message>
            <source>Each person has a history of their own. To rename somebody, select the name and press F2, or click it twice.</source>
            <translation>لكل شخص سجل خاص به. لتغيير اسم: يُحدَّد الاسم ثم F2، أو يُنقر نقرتين.</translation>
        </message>
        <message>
            <source>People</source>
            <translation>الأشخاص</translation>
        </message>
        <message>
            <source>Search by name or ID</source>
            <translation>البحث بالاسم أو الرقم</translation>
        </message>
        <message>
            <source>How people are sorted</source>
            <translation>ترتيب الأشخاص</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>الاسم</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>الرقم</translation>
        </message>
        <message>
            <source>Last seen</source>
            <translation>آخر زيارة</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>القياس التالي</translation>
        </message>
        <message>
            <source>People whose checks are kept</source>
            <translation>الأشخاص الذين حُفظت قياساتهم</translation>
        </message>
        <message>
            <source>Name of the person to add</source>
            <translation>اسم الشخص المراد إضافته</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>إضافة</translation>
        </message>
        <message>
            <source>Add person</source>
            <translation>إضافة شخص</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>إزالة</translation>
        </message>
        <message>
            <source>Remove the selected person</source>
            <translation>إزالة الشخص المحدد</translation>
        </message>
        <message>
            <source>Show checks</source>
            <translation>عرض القياسات</translation>
        </message>
        <message>
            <source>Go on with the selected person</source>
            <translation>المتابعة مع الشخص المحدد</translation>
        </message>
        <message>
            <source>Renamed {before}</source>
            <translation>تغيّر اسم {before}</translation>
        </message>
        <message>
            <source>Select the person to remove first.</source>
            <translation>يُرجى أولًا تحديد الشخص المراد إزالته.</translation>
        </message>
        <message>
            <source>Removed {name} with all checks</source>
            <translation>أُزيل {name} مع كل القياسات</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>مستحق منذ {day}</translation>
        </message>
        <message>
            <source>Added {name}</source>
            <translation>أُضيف {name}</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>حسب الاسم</translation>
        </message>
        <message>
            <source>Last seen first</source>
            <translation>حسب آخر زيارة</translation>
        </message>
        <message>
            <source>Next check first</source>
            <translation>حسب القياس التالي</translation>
        </message>
    </context>
    <context>
        <name>DetailsRow</name>
        <message>
            <source>ID of the selected person</source>
            <translation>رقم الشخص المحدد</translation>
        </message>
        <message>
            <source>Birth year of the selected person</source>
            <translation>سنة ميلاد الشخص المحدد</translation>
        </message>
        <message>
            <source>Next check of the selected person</source>
            <translation>القياس التالي للشخص المحدد</translation>
        </message>
        <message>
            <source>On that day a line in the window reminds you.</source>
            <translation>في ذلك اليوم يظهر تذكير في النافذة.</translation>
        </message>
        <message>
            <source>Day of the next check</source>
            <translation>يوم القياس التالي</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>الرقم</translation>
        </message>
        <message>
            <source>Born</source>
            <translation>سنة الميلاد</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>القياس التالي</translation>
        </message>
        <message>
            <source>Changed what is known of {name}</source>
            <translation>عُدّلت بيانات {name}</translation>
        </message>
        <message>
            <source>None</source>
            <translation>لا شيء</translation>
        </message>
        <message>
            <source>On a day</source>
            <translation>في يوم</translation>
        </message>
    </context>
    <context>
        <name>MarkEditor</name>
        <message>
            <source>{name}: drag it, or use the arrow keys; Tab goes to the next</source>
            <translation>‏{name}: بالسحب أو بمفاتيح الأسهم، ومفتاح Tab للانتقال إلى التالي</translation>
        </message>
        <message>
            <source>Front point</source>
            <translation>النقطة الأمامية</translation>
        </message>
        <message>
            <source>Back point</source>
            <translation>النقطة الخلفية</translation>
        </message>
        <message>
            <source>Upper end of the plumb line</source>
            <translation>الطرف العلوي لخط الشاقول</translation>
        </message>
        <message>
            <source>Lower end of the plumb line</source>
            <translation>الطرف السفلي لخط الشاقول</translation>
        </message>
    </context>
    <context>
        <name>PointsDrawing</name>
        <message>
            <source>Drawing: where the two bony points are</source>
            <translation>رسم: موضع النتوءين العظميين</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>النقطة الأمامية</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>النقطة الخلفية</translation>
        </message>
    </context>
    <context>
        <name>PictureView</name>
        <message>
            <source>Picture</source>
            <translation>الصورة</translation>
        </message>
    </context>
    <context>
        <name>PracticeCard</name>
        <message>
            <source>For physiotherapists: this stands at the top of each report. Others leave it empty.</source>
            <translation>لاختصاصيي العلاج الطبيعي: يظهر هذا أعلى كل تقرير. ويتركه الآخرون فارغًا.</translation>
        </message>
        <message>
            <source>Your practice</source>
            <translation>العيادة</translation>
        </message>
        <message>
            <source>Name of your practice</source>
            <translation>اسم العيادة</translation>
        </message>
        <message>
            <source>Logo of your practice</source>
            <translation>شعار العيادة</translation>
        </message>
        <message>
            <source>Choose logo…</source>
            <translation>اختيار شعار…</translation>
        </message>
        <message>
            <source>Remove logo</source>
            <translation>إزالة الشعار</translation>
        </message>
        <message>
            <source>Choose logo</source>
            <translation>اختيار شعار</translation>
        </message>
        <message>
            <source>Changed the name of the practice</source>
            <translation>تغيّر اسم العيادة</translation>
        </message>
        <message>
            <source>Changed the logo of the practice</source>
            <translation>تغيّر شعار العيادة</translation>
        </message>
        <message>
            <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif)</source>
            <translation>صور (*.png *.jpg *.jpeg *.webp *.gif)</translation>
        </message>
    </context>
    <context>
        <name>RatingPage</name>
        <message>
            <source>Zoom out</source>
            <translation>تصغير</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>تكبير</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>ملاءمة</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>عرض الصورة كاملة</translation>
        </message>
    </context>
    <context>
        <name>RatingPanel</name>
        <message>
            <source>Change my last answer</source>
            <translation>تعديل إجابتي الأخيرة</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>إيقاف مؤقت</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>يوضع على إطار باب أو حافة جدار</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>تراجع</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>التراجع عن الخطوة الأخيرة</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>إعادة</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>إعادة الخطوة</translation>
        </message>
        <message>
            <source>This is an answer, too</source>
            <translation>هذه أيضًا إجابة</translation>
        </message>
        <message>
            <source>Keep this answer and go on</source>
            <translation>حفظ هذه الإجابة والمتابعة</translation>
        </message>
        <message>
            <source>For a slip: until you answer again, the last answer holds</source>
            <translation>لتصحيح سهو: تبقى الإجابة الأخيرة سارية حتى الإجابة مجددًا</translation>
        </message>
        <message>
            <source>Hide the photograph and stop the clock</source>
            <translation>إخفاء الصورة وإيقاف الساعة</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>إزالة خط الشاقول</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>إضافة خط شاقول</translation>
        </message>
        <message>
            <source>Finish</source>
            <translation>إنهاء</translation>
        </message>
        <message>
            <source>Next photograph</source>
            <translation>الصورة التالية</translation>
        </message>
        <message>
            <source>Have the arrow keys move this point</source>
            <translation>تحريك هذه النقطة بمفاتيح الأسهم</translation>
        </message>
    </context>
    <context>
        <name>RatingStart</name>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>بدء</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>متابعة</translation>
        </message>
    </context>
    <context>
        <name>RatingPause</name>
        <message>
            <source>Go on</source>
            <translation>متابعة</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
    </context>
    <context>
        <name>RatingEnd</name>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>Change my last answer</source>
            <translation>تعديل إجابتي الأخيرة</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>فتح المجلد</translation>
        </message>
    </context>
    <context>
        <name>RatingWindow</name>
        <message>
            <source>Keeping your answer</source>
            <translation>حفظ الإجابة</translation>
        </message>
    </context>
    <context>
        <name>ReportDialog</name>
        <message>
            <source>A report to bring to a physiotherapist. Person: {name}</source>
            <translation>تقرير لإحضاره إلى اختصاصي العلاج الطبيعي. الشخص: {name}</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>التقرير</translation>
        </message>
        <message>
            <source>Blur the face in the pictures</source>
            <translation>تمويه الوجه في الصور</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>حفظ بصيغة PDF…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
    </context>
    <context>
        <name>ReportSaved</name>
        <message>
            <source>Report</source>
            <translation>التقرير</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>فتح</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>عرض في المجلد</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>The report is saved in {path}.</source>
            <translation>حُفظ التقرير في ‎{path}.</translation>
        </message>
        <message>
            <source>No program on this computer opens {path}.</source>
            <translation>لا يوجد على هذا الحاسوب برنامج يفتح ‎{path}.</translation>
        </message>
    </context>
    <context>
        <name>ReportActions</name>
        <message>
            <source>Save the report</source>
            <translation>حفظ التقرير</translation>
        </message>
        <message>
            <source>The history is still being opened. Try again in a moment.</source>
            <translation>لا يزال السجل قيد الفتح. تُرجى المحاولة بعد لحظات.</translation>
        </message>
        <message>
            <source>PDF (*.pdf)</source>
            <translation>PDF (*.pdf)</translation>
        </message>
    </context>
    <context>
        <name>BinCard</name>
        <message>
            <source>Recently deleted</source>
            <translation>المحذوف حديثًا</translation>
        </message>
        <message>
            <source>What was deleted</source>
            <translation>المحذوفات</translation>
        </message>
        <message>
            <source>Bring back</source>
            <translation>استعادة</translation>
        </message>
        <message>
            <source>Delete for good…</source>
            <translation>حذف نهائي…</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>حذف نهائي</translation>
        </message>
        <message>
            <source>Delete what you selected for good? This cannot be undone.</source>
            <translation>هل يُحذف المحدد نهائيًّا؟ لا يمكن التراجع عن ذلك.</translation>
        </message>
        <message>
            <source>What you delete stays here for {days} days, and then goes for good.</source>
            <translation>يبقى المحذوف هنا {days} يومًا، ثم يُحذف نهائيًّا.</translation>
        </message>
    </context>
    <context>
        <name>DeleteEverything</name>
        <message>
            <source>DELETE</source>
            <translation>حذف</translation>
        </message>
        <message>
            <source>Delete everything</source>
            <translation>حذف كل شيء</translation>
        </message>
        <message>
            <source>Make a backup first…</source>
            <translation>إنشاء نسخة احتياطية أولًا…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>This deletes all people with all their checks and pictures. For {days} days you can bring them back, from the list of what was recently deleted.</source>
            <translation>يُحذف بهذا جميع الأشخاص مع كل قياساتهم وصورهم. وتمكن استعادتهم خلال {days} يومًا من قائمة المحذوف حديثًا.</translation>
        </message>
        <message>
            <source>Type {word} to go on.</source>
            <translation>للمتابعة، يُكتب: {word}</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>The copy has no date, place or camera in it. Without it only numbers are kept, and two checks cannot be laid over one another. You can choose again for each check.</source>
            <translation>لا تحتوي النسخة على تاريخ أو مكان أو بيانات كاميرا. من دونها تُحفظ الأرقام فقط، ولا يمكن وضع قياسين أحدهما فوق الآخر. ويمكن الاختيار مجددًا عند كل قياس.</translation>
        </message>
        <message>
            <source>Everything stays on this computer, in the folder below. Nothing is sent anywhere.</source>
            <translation>يبقى كل شيء على هذا الحاسوب في المجلد المذكور أدناه، ولا يُرسل شيء إلى أي مكان.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>الإعدادات</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>المساعدة</translation>
        </message>
        <message>
            <source>Light or dark</source>
            <translation>فاتح أو داكن</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>اللغة</translation>
        </message>
        <message>
            <source>Same as the system</source>
            <translation>مثل النظام</translation>
        </message>
        <message>
            <source>Text size</source>
            <translation>حجم النص</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>المظهر</translation>
        </message>
        <message>
            <source>Keep a small copy of each picture</source>
            <translation>الاحتفاظ بنسخة صغيرة من كل صورة</translation>
        </message>
        <message>
            <source>Remember the last pictures you opened</source>
            <translation>تذكّر آخر الصور المفتوحة</translation>
        </message>
        <message>
            <source>Forget them</source>
            <translation>مسح القائمة</translation>
        </message>
        <message>
            <source>Forget the pictures you opened last</source>
            <translation>مسح قائمة آخر الصور المفتوحة</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>الصور</translation>
        </message>
        <message>
            <source>Folder of your data</source>
            <translation>مجلد البيانات</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>فتح المجلد</translation>
        </message>
        <message>
            <source>Back up…</source>
            <translation>نسخ احتياطي…</translation>
        </message>
        <message>
            <source>Everything with its pictures in one file, to keep on another disk</source>
            <translation>كل شيء مع صوره في ملف واحد، لحفظه على قرص آخر</translation>
        </message>
        <message>
            <source>Blur all faces in the backup</source>
            <translation>تمويه كل الوجوه في النسخة الاحتياطية</translation>
        </message>
        <message>
            <source>For a copy that others see: the faces cannot be had back from it.</source>
            <translation>لنسخة يراها آخرون: لا يمكن استرجاع الوجوه منها.</translation>
        </message>
        <message>
            <source>Bring a backup back…</source>
            <translation>استعادة نسخة احتياطية…</translation>
        </message>
        <message>
            <source>Adds what is missing; nothing that is there is changed</source>
            <translation>يُضاف الناقص، ولا يتغيّر أي شيء موجود</translation>
        </message>
        <message>
            <source>Delete everything…</source>
            <translation>حذف كل شيء…</translation>
        </message>
        <message>
            <source>All people with all their checks and pictures; asks before it does</source>
            <translation>جميع الأشخاص مع كل قياساتهم وصورهم، مع السؤال قبل ذلك</translation>
        </message>
        <message>
            <source>Your data</source>
            <translation>البيانات</translation>
        </message>
        <message>
            <source>There is no backup yet.</source>
            <translation>لا توجد نسخة احتياطية بعد.</translation>
        </message>
        <message>
            <source>Log…</source>
            <translation>السجل التقني…</translation>
        </message>
        <message>
            <source>What went wrong, for a report</source>
            <translation>ما تعطل، من أجل الإبلاغ عنه</translation>
        </message>
        <message>
            <source>About Beltline</source>
            <translation>عن Beltline</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>فاتح</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>داكن</translation>
        </message>
        <message>
            <source>The last backup was made on {day}.</source>
            <translation>أُنشئت آخر نسخة احتياطية في {day}.</translation>
        </message>
        <message>
            <source>Version {version}. Free software under the GNU General Public Licence, version 3 or later. People are found with MediaPipe's pose model (Apache 2.0); the outline is read by a model of our own, trained on computer-made bodies. That tests geometry and does not prove accuracy on people.</source>
            <translation>الإصدار {version}. برنامج حر برخصة جنو العمومية العامة، الإصدار 3 أو أحدث. يُعثر على الأشخاص بنموذج الوضعيات من MediaPipe (Apache 2.0)، وتُقرأ حدود الجسم بنموذج خاص بنا دُرّب على أجسام مُنشأة بالحاسوب. هذا يختبر الهندسة، ولا يثبت الدقة لدى البشر.</translation>
        </message>
    </context>
    <context>
        <name>CameraChoice</name>
        <message>
            <source>Camera</source>
            <translation>الكاميرا</translation>
        </message>
        <message>
            <source>What the pictures come from</source>
            <translation>مصدر الصور</translation>
        </message>
        <message>
            <source>None chosen</source>
            <translation>لم يُختر شيء</translation>
        </message>
        <message>
            <source>Address of the camera</source>
            <translation>عنوان الكاميرا</translation>
        </message>
        <message>
            <source>Connect</source>
            <translation>اتصال</translation>
        </message>
        <message>
            <source>Take pictures from this address</source>
            <translation>أخذ الصور من هذا العنوان</translation>
        </message>
        <message>
            <source>Phone or network camera…</source>
            <translation>كاميرا هاتف أو شبكة…</translation>
        </message>
        <message>
            <source>Film…</source>
            <translation>فيديو…</translation>
        </message>
        <message>
            <source>Choose a film</source>
            <translation>اختيار فيديو</translation>
        </message>
        <message>
            <source>Films ({patterns})</source>
            <translation>فيديو ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>كل الملفات (*)</translation>
        </message>
    </context>
    <context>
        <name>Disclosure</name>
        <message>
            <source>{what}, shown</source>
            <translation>{what}، ظاهر</translation>
        </message>
        <message>
            <source>{what}, hidden</source>
            <translation>{what}، مخفي</translation>
        </message>
        <message>
            <source>▾ Less</source>
            <translation>▾ أقل</translation>
        </message>
        <message>
            <source>▸ More</source>
            <translation>◂ المزيد</translation>
        </message>
    </context>
    <context>
        <name>ProgressSign</name>
        <message>
            <source>Measuring</source>
            <translation>جارٍ القياس</translation>
        </message>
    </context>
    <context>
        <name>_CloseButton</name>
        <message>
            <source>Close this line</source>
            <translation>إغلاق هذا السطر</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
    </context>
    <context>
        <name>UndoBar</name>
        <message>
            <source>Undo</source>
            <translation>تراجع</translation>
        </message>
        <message>
            <source>Take it back ({keys})</source>
            <translation>التراجع ({keys})</translation>
        </message>
        <message>
            <source>Undo: {what}</source>
            <translation>تراجع: {what}</translation>
        </message>
    </context>
    <context>
        <name>ErrorBar</name>
        <message>
            <source>Try again</source>
            <translation>إعادة المحاولة</translation>
        </message>
        <message>
            <source>Read the history again (F5)</source>
            <translation>قراءة السجل من جديد (F5)</translation>
        </message>
        <message>
            <source>Beltline itself failed at this. Nothing that was saved is lost; try again, and report it if it happens again.</source>
            <translation>تعطل Beltline نفسه هنا. لم يضع شيء مما حُفظ. تُرجى المحاولة مجددًا، والإبلاغ إن تكرر ذلك.</translation>
        </message>
    </context>
    <context>
        <name>TiltDial</name>
        <message>
            <source>Scale</source>
            <translation>المقياس</translation>
        </message>
        <message>
            <source>level</source>
            <translation>مستوٍ</translation>
        </message>
        <message>
            <source>← backward</source>
            <translation>إلى الخلف ←</translation>
        </message>
        <message>
            <source>forward →</source>
            <translation>→ إلى الأمام</translation>
        </message>
        <message>
            <source>← higher in front</source>
            <translation>المقدمة أعلى ←</translation>
        </message>
        <message>
            <source>lower in front →</source>
            <translation>→ المقدمة أخفض</translation>
        </message>
        <message>
            <source>{number} Shown with the {range}.</source>
            <translation>{number} يظهر معه {range}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.engine</name>
        <message>
            <source>The database on a server needs the package psycopg, which is not installed.</source>
            <translation>تحتاج قاعدة البيانات على الخادم إلى الحزمة psycopg، وهي غير مثبّتة.</translation>
        </message>
        <message>
            <source>Install it with: pip install "beltline[postgresql]".</source>
            <translation>يُرجى تثبيتها بالأمر: ‎pip install "beltline[postgresql]"‎.</translation>
        </message>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>يُرجى كتابته بالصيغة ‎postgresql://user:password@host/database‎، أو تركه.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>قيمة {variable} ليست عنوان قاعدة بيانات PostgreSQL.</translation>
        </message>
        <message>
            <source>The database on the server cannot be reached.</source>
            <translation>تعذر الوصول إلى قاعدة البيانات على الخادم.</translation>
        </message>
        <message>
            <source>The disk of the database server is full.</source>
            <translation>قرص خادم قاعدة البيانات ممتلئ.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server.</source>
            <translation>يُرجى سؤال المسؤول عن الخادم.</translation>
        </message>
        <message>
            <source>Nothing may be written to the database on the server.</source>
            <translation>الكتابة في قاعدة البيانات على الخادم غير مسموحة.</translation>
        </message>
        <message>
            <source>The database server is just starting or stopping, or serves too many others.</source>
            <translation>خادم قاعدة البيانات يبدأ الآن أو يتوقف، أو يخدم عددًا كبيرًا من المستخدمين.</translation>
        </message>
        <message>
            <source>Wait a minute, then try again.</source>
            <translation>يُرجى الانتظار دقيقة ثم إعادة المحاولة.</translation>
        </message>
        <message>
            <source>The database server does not take the settings, such as search_path, that the address of the database brings.</source>
            <translation>لا يقبل خادم قاعدة البيانات الإعدادات الواردة في عنوانها، مثل search_path.</translation>
        </message>
        <message>
            <source>The database server does not let this user in, or has no such database.</source>
            <translation>لا يسمح خادم قاعدة البيانات بدخول هذا المستخدم، أو ليست عليه قاعدة بيانات كهذه.</translation>
        </message>
        <message>
            <source>Check the network, and the address in {variable}.</source>
            <translation>يُرجى التحقق من الشبكة ومن العنوان في {variable}.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server, or name another one in {variable}.</source>
            <translation>يُرجى سؤال المسؤول عن الخادم، أو تحديد خادم آخر في {variable}.</translation>
        </message>
        <message>
            <source>Check what follows the name of the database in {variable}.</source>
            <translation>يُرجى التحقق مما يلي اسم قاعدة البيانات في {variable}.</translation>
        </message>
        <message>
            <source>Check user, password and database in {variable}.</source>
            <translation>يُرجى التحقق من المستخدم وكلمة المرور وقاعدة البيانات في {variable}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.merge</name>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>عدد الأشخاص أكبر مما يحتفظ به Beltline</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.open</name>
        <message>
            <source>on the server</source>
            <translation>على الخادم</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.profiles</name>
        <message>
            <source>Choose another name.</source>
            <translation>يُرجى اختيار اسم آخر.</translation>
        </message>
        <message>
            <source>There is a person named '{name}' already.</source>
            <translation>يوجد شخص باسم «{name}» من قبل.</translation>
        </message>
    </context>
    <context>
        <name>app.history.errors</name>
        <message>
            <source>what is known of person {id}</source>
            <translation>بيانات الشخص {id}</translation>
        </message>
        <message>
            <source>check {id}</source>
            <translation>القياس {id}</translation>
        </message>
        <message>
            <source>parts of check {id}</source>
            <translation>أجزاء من القياس {id}</translation>
        </message>
        <message>
            <source>squeeze test {id}</source>
            <translation>اختبار الشدّ {id}</translation>
        </message>
        <message>
            <source>diary entry {id}</source>
            <translation>مدخلة اليوميات {id}</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures belong to no check of this history and were put aside in '{folder}'.</source>
            <translation>
                <numerusform>لم توضع أي صورة جانبًا في «‎{folder}».</numerusform>
                <numerusform>صورة واحدة لا تخص أي قياس في هذا السجل، ووُضعت جانبًا في «‎{folder}».</numerusform>
                <numerusform>صورتان لا تخصان أي قياس في هذا السجل، ووُضعتا جانبًا في «‎{folder}».</numerusform>
                <numerusform>{count} صور لا تخص أي قياس في هذا السجل، ووُضعت جانبًا في «‎{folder}».</numerusform>
                <numerusform>{count} صورة لا تخص أي قياس في هذا السجل، ووُضعت جانبًا في «‎{folder}».</numerusform>
                <numerusform>{count} صورة لا تخص أي قياس في هذا السجل، ووُضعت جانبًا في «‎{folder}».</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>If you have put an older copy of the history in place, put the newer one back, and they return by themselves; otherwise they are deleted after {count} days.</source>
            <translation>
                <numerusform>إن كانت قد وُضعت نسخة أقدم من السجل مكانه، فتُرجى إعادة النسخة الأحدث، وحينها تعود الصور من تلقاء نفسها؛ وإلا فستُحذف بعد {count} يوم.</numerusform>
                <numerusform>إن كانت قد وُضعت نسخة أقدم من السجل مكانه، فتُرجى إعادة النسخة الأحدث، وحينها تعود الصور من تلقاء نفسها؛ وإلا فستُحذف بعد يوم واحد.</numerusform>
                <numerusform>إن كانت قد وُضعت نسخة أقدم من السجل مكانه، فتُرجى إعادة النسخة الأحدث، وحينها تعود الصور من تلقاء نفسها؛ وإلا فستُحذف بعد يومين.</numerusform>
                <numerusform>إن كانت قد وُضعت نسخة أقدم من السجل مكانه، فتُرجى إعادة النسخة الأحدث، وحينها تعود الصور من تلقاء نفسها؛ وإلا فستُحذف بعد {count} أيام.</numerusform>
                <numerusform>إن كانت قد وُضعت نسخة أقدم من السجل مكانه، فتُرجى إعادة النسخة الأحدث، وحينها تعود الصور من تلقاء نفسها؛ وإلا فستُحذف بعد {count} يومًا.</numerusform>
                <numerusform>إن كانت قد وُضعت نسخة أقدم من السجل مكانه، فتُرجى إعادة النسخة الأحدث، وحينها تعود الصور من تلقاء نفسها؛ وإلا فستُحذف بعد {count} يوم.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures of deleted checks could not be deleted from '{folder}'.</source>
            <translation>
                <numerusform>لا صور لقياسات محذوفة باقية في «‎{folder}».</numerusform>
                <numerusform>تعذر حذف صورة واحدة لقياس محذوف من «‎{folder}».</numerusform>
                <numerusform>تعذر حذف صورتين لقياسات محذوفة من «‎{folder}».</numerusform>
                <numerusform>تعذر حذف {count} صور لقياسات محذوفة من «‎{folder}».</numerusform>
                <numerusform>تعذر حذف {count} صورة لقياسات محذوفة من «‎{folder}».</numerusform>
                <numerusform>تعذر حذف {count} صورة لقياسات محذوفة من «‎{folder}».</numerusform>
            </translation>
        </message>
        <message>
            <source>There is no check number {named} in the history.</source>
            <translation>لا يوجد في السجل قياس بالرقم {named}.</translation>
        </message>
        <message>
            <source>It may have been deleted; see which ones there are with: beltline history list.</source>
            <translation>ربما حُذف. لعرض القياسات الموجودة: beltline history list.</translation>
        </message>
        <message>
            <source>Check number {named} is damaged and cannot be shown.</source>
            <translation>القياس رقم {named} تالف ولا يمكن عرضه.</translation>
        </message>
        <message>
            <source>All others can; an earlier copy of the history may still have it, see: beltline history copies.</source>
            <translation>يمكن عرض البقية كلها، وربما بقي هذا القياس في نسخة سابقة من السجل: beltline history copies.</translation>
        </message>
        <message>
            <source>Nothing that was deleted goes by the name '{named}'.</source>
            <translation>لا شيء مما حُذف يحمل الاسم «{named}».</translation>
        </message>
        <message>
            <source>See what can be had back with: beltline history bin.</source>
            <translation>لعرض ما تمكن استعادته: beltline history bin.</translation>
        </message>
        <message>
            <source>This squeeze test is no longer in the history.</source>
            <translation>اختبار الشدّ هذا لم يعد في السجل.</translation>
        </message>
        <message>
            <source>It may have been deleted in another window; read the history again.</source>
            <translation>ربما حُذف في نافذة أخرى. تُرجى قراءة السجل من جديد.</translation>
        </message>
        <message>
            <source>Another program is using the history and does not let go of it.</source>
            <translation>يستخدم برنامج آخر السجل ولم يحرّره.</translation>
        </message>
        <message>
            <source>Close other windows of Beltline, then try again.</source>
            <translation>يُرجى إغلاق نوافذ Beltline الأخرى ثم إعادة المحاولة.</translation>
        </message>
        <message>
            <source>The history in '{named}' is damaged, so nothing is written into it.</source>
            <translation>السجل في «‎{named}» تالف، لذا لا يُكتب فيه شيء.</translation>
        </message>
        <message>
            <source>Settings saves what can still be read, and so does: beltline history salvage. Earlier copies are listed by: beltline history copies.</source>
            <translation>لحفظ ما تمكن قراءته: صفحة «الإعدادات»، أو beltline history salvage. ولعرض النسخ السابقة: beltline history copies.</translation>
        </message>
        <message>
            <source>There is no history in '{named}', so there is nothing to save.</source>
            <translation>لا سجل في «‎{named}»، فلا شيء يُحفظ.</translation>
        </message>
        <message>
            <source>Copies of earlier days are listed by: beltline history copies.</source>
            <translation>لعرض نسخ الأيام السابقة: beltline history copies.</translation>
        </message>
        <message>
            <source>There is a file '{named}' already.</source>
            <translation>يوجد ملف باسم «‎{named}» من قبل.</translation>
        </message>
        <message>
            <source>Choose another name.</source>
            <translation>يُرجى اختيار اسم آخر.</translation>
        </message>
        <message>
            <source>There is no copy of the history of the day '{named}'.</source>
            <translation>لا توجد نسخة من السجل ليوم «‎{named}».</translation>
        </message>
        <message>
            <source>See which ones there are with: beltline history copies.</source>
            <translation>لعرض النسخ الموجودة: beltline history copies.</translation>
        </message>
        <message>
            <source>The file '{named}' is damaged or no history of Beltline's, so nothing was changed.</source>
            <translation>الملف «‎{named}» تالف أو ليس سجلًّا من Beltline، لذا لم يتغيّر شيء.</translation>
        </message>
        <message>
            <source>Choose another one; beltline history copies lists them.</source>
            <translation>يُرجى اختيار نسخة أخرى. لعرض النسخ: beltline history copies.</translation>
        </message>
        <message>
            <source>The history in '{named}' is an empty file and was left as it is.</source>
            <translation>السجل في «‎{named}» ملف فارغ، وتُرك كما هو.</translation>
        </message>
        <message>
            <source>Put a copy from a backup in its place, or move the file away to start afresh.</source>
            <translation>يُرجى وضع نسخة احتياطية مكانه، أو نقل الملف إلى مكان آخر للبدء من جديد.</translation>
        </message>
        <message>
            <source>The history in '{named}' was an empty file, so a new history was begun.</source>
            <translation>كان السجل في «‎{named}» ملفًّا فارغًا، لذا بدأ سجل جديد.</translation>
        </message>
        <message>
            <source>If there was a history before, import a backup of it.</source>
            <translation>إن كان هناك سجل من قبل، فيُرجى استيراد نسخة احتياطية منه.</translation>
        </message>
        <message>
            <source>The history in '{named}' was replaced by another copy, so the last changes to the one before were put aside beside it.</source>
            <translation>حلّت نسخة أخرى محل السجل في «‎{named}»، لذا وُضعت آخر تغييرات السجل السابق جانبًا بجواره.</translation>
        </message>
        <message>
            <source>If that is not what you wanted, put the one before back from a backup.</source>
            <translation>إن لم يكن ذلك مقصودًا، فتُرجى إعادة السجل السابق من نسخة احتياطية.</translation>
        </message>
        <message>
            <source>The database {named} belongs to another program and was left as it is.</source>
            <translation>قاعدة البيانات ‎{named} تخص برنامجًا آخر، وتُركت كما هي.</translation>
        </message>
        <message>
            <source>Move it away, or name another database.</source>
            <translation>يُرجى نقلها إلى مكان آخر، أو تحديد قاعدة بيانات أخرى.</translation>
        </message>
        <message>
            <source>The history was written by a newer version of Beltline and was left as it is.</source>
            <translation>كُتب السجل بإصدار أحدث من Beltline، وتُرك كما هو.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline.</source>
            <translation>يُرجى تثبيت أحدث إصدار من Beltline.</translation>
        </message>
        <message>
            <source>The disk is full, so nothing could be written to '{named}'.</source>
            <translation>القرص ممتلئ، فتعذرت الكتابة في «‎{named}».</translation>
        </message>
        <message>
            <source>Make some room on the disk, then try again.</source>
            <translation>يُرجى إخلاء مساحة على القرص ثم إعادة المحاولة.</translation>
        </message>
        <message>
            <source>Nothing may be written to '{named}'.</source>
            <translation>الكتابة في «‎{named}» غير مسموحة.</translation>
        </message>
        <message>
            <source>Allow writing there in the folder's properties, or free the disk from its write protection.</source>
            <translation>يُرجى السماح بالكتابة في خصائص المجلد، أو إلغاء حماية القرص من الكتابة.</translation>
        </message>
        <message>
            <source>The history in '{named}' can be read, but nothing can be saved there.</source>
            <translation>تمكن قراءة السجل في «‎{named}»، لكن لا يمكن حفظ شيء فيه.</translation>
        </message>
        <message>
            <source>The history could not be brought up to this version of Beltline and was left as it was.</source>
            <translation>تعذر تحديث السجل ليناسب هذا الإصدار من Beltline، وتُرك كما كان.</translation>
        </message>
        <message>
            <source>Use the version that you had before, and report what happened.</source>
            <translation>يُرجى استخدام الإصدار السابق، والإبلاغ عما حدث.</translation>
        </message>
        <message>
            <source>This person is not in the history any more.</source>
            <translation>هذا الشخص لم يعد في السجل.</translation>
        </message>
        <message>
            <source>Save a check first.</source>
            <translation>يُرجى حفظ قياس أولًا.</translation>
        </message>
        <message>
            <source>Choose another person.</source>
            <translation>يُرجى اختيار شخص آخر.</translation>
        </message>
        <message>
            <source>There is no person named '{name}' in the history.</source>
            <translation>لا يوجد في السجل شخص باسم «{name}».</translation>
        </message>
        <message>
            <source>There is {names}.</source>
            <translation>الموجود: {names}.</translation>
        </message>
        <message>
            <source>Choose a PNG or JPEG picture of your logo.</source>
            <translation>يُرجى اختيار صورة PNG أو JPEG للشعار.</translation>
        </message>
        <message>
            <source>All else is there; earlier copies may have it: see Settings, or beltline history copies.</source>
            <translation>كل ما عداه موجود، وربما بقي هذا في نسخ سابقة: صفحة «الإعدادات»، أو beltline history copies.</translation>
        </message>
        <message>
            <source>The history is damaged in places, and this cannot be read: {rows}.</source>
            <translation>السجل تالف في مواضع، وتعذرت قراءة ما يلي: {rows}.</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>و{count} غيرها</translation>
        </message>
        <message>
            <source>Allow deleting there in the folder's properties, then open Beltline again.</source>
            <translation>يُرجى السماح بالحذف في خصائص المجلد، ثم فتح Beltline من جديد.</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written ({why}).</source>
            <translation>تتعذر القراءة من القرص الذي عليه «‎{where}» أو الكتابة فيه ({why}).</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written.</source>
            <translation>تتعذر القراءة من القرص الذي عليه «‎{where}» أو الكتابة فيه.</translation>
        </message>
        <message>
            <source>Check that the disk is connected and in order, then try again.</source>
            <translation>يُرجى التأكد من أن القرص موصول وسليم، ثم إعادة المحاولة.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.backup</name>
        <message>
            <source>The backup cannot be written to '{path}' ({why}).</source>
            <translation>لا يمكن كتابة النسخة الاحتياطية في «‎{path}» ({why}).</translation>
        </message>
        <message>
            <source>Check the disk, or choose another one.</source>
            <translation>يُرجى التحقق من القرص، أو اختيار قرص آخر.</translation>
        </message>
        <message>
            <source>The backup written to '{path}' does not read back as it was written.</source>
            <translation>النسخة الاحتياطية المكتوبة في «‎{path}» لا تُقرأ كما كُتبت.</translation>
        </message>
        <message>
            <source>Take an older backup, or copy this one again from where it was kept.</source>
            <translation>يُرجى أخذ نسخة احتياطية أقدم، أو نسخ هذه من جديد من مكان حفظها.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then bring it back.</source>
            <translation>يُرجى تثبيت أحدث إصدار من Beltline، ثم استعادتها.</translation>
        </message>
        <message>
            <source>The backup '{name}' is damaged, so nothing was brought back.</source>
            <translation>النسخة الاحتياطية «‎{name}» تالفة، لذا لم يُستعد شيء.</translation>
        </message>
        <message>
            <source>The backup '{name}' was made by another version of Beltline.</source>
            <translation>أُنشئت النسخة الاحتياطية «‎{name}» بإصدار آخر من Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' is no backup of Beltline's.</source>
            <translation>الملف «‎{name}» ليس نسخة احتياطية من Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>يُرجى اختيار ملف ‎{suffix} كتبه Beltline.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.csv_format</name>
        <message>
            <source>the columns are not those of an export</source>
            <translation>الأعمدة ليست أعمدة ملف مُصدَّر</translation>
        </message>
        <message>
            <source>it is not in UTF-8</source>
            <translation>ليس بترميز UTF-8</translation>
        </message>
        <message>
            <source>check {number}: {why}</source>
            <translation>القياس {number}: {why}</translation>
        </message>
        <message>
            <source>it is no whole table after check {number}</source>
            <translation>الجدول غير كامل بعد القياس {number}</translation>
        </message>
        <message>
            <source>its cells are not as many as the columns</source>
            <translation>عدد خلاياه لا يساوي عدد الأعمدة</translation>
        </message>
        <message>
            <source>another version of the format</source>
            <translation>إصدار آخر من الصيغة</translation>
        </message>
        <message>
            <source>{name}: neither a number nor JSON</source>
            <translation>{name}: ليس رقمًا ولا JSON</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.files</name>
        <message>
            <source>Choose a .csv or .json file that Beltline has exported.</source>
            <translation>يُرجى اختيار ملف ‎.csv أو ‎.json صدّره Beltline.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then import it.</source>
            <translation>يُرجى تثبيت أحدث إصدار من Beltline، ثم استيراده.</translation>
        </message>
        <message>
            <source>Export it once more, and do not change it by hand.</source>
            <translation>يُرجى تصديره من جديد، من دون تعديله يدويًّا.</translation>
        </message>
        <message>
            <source>The file '{name}' is no export of Beltline's history.</source>
            <translation>الملف «‎{name}» ليس ملفًّا مُصدَّرًا من سجل Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' was exported by another version of Beltline.</source>
            <translation>صُدّر الملف «‎{name}» بإصدار آخر من Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' is damaged ({why}), so nothing was imported.</source>
            <translation>الملف «‎{name}» تالف ({why})، لذا لم يُستورد شيء.</translation>
        </message>
        <message>
            <source>its name makes no sense</source>
            <translation>اسمه غير صالح</translation>
        </message>
        <message>
            <source>Check its name and its folder.</source>
            <translation>يُرجى التحقق من اسمه ومن مجلده.</translation>
        </message>
        <message>
            <source>The file '{path}' cannot be read ({why}).</source>
            <translation>تتعذر قراءة الملف «‎{path}» ({why}).</translation>
        </message>
        <message>
            <source>The name '{path}' does not say which kind of file to write.</source>
            <translation>الاسم «‎{path}» لا يبيّن نوع الملف المطلوب كتابته.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffixes}.</source>
            <translation>يُرجى إعطاء اسم ينتهي بـ ‎{suffixes}.</translation>
        </message>
        <message>
            <source> or </source>
            <translation> / </translation>
        </message>
        <message>
            <source>The export cannot be written to '{path}' ({why}).</source>
            <translation>لا يمكن كتابة التصدير في «‎{path}» ({why}).</translation>
        </message>
        <message>
            <source>Choose a folder that exists, that you may write to, and that has room.</source>
            <translation>يُرجى اختيار مجلد موجود تمكن الكتابة فيه، وفيه مساحة كافية.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.json_format</name>
        <message>
            <source>check {number}: {why}</source>
            <translation>القياس {number}: {why}</translation>
        </message>
        <message>
            <source>squeeze test {number}: {why}</source>
            <translation>اختبار الشدّ {number}: {why}</translation>
        </message>
        <message>
            <source>entry of the diary {number}: {why}</source>
            <translation>مدخلة اليوميات {number}: {why}</translation>
        </message>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>عدد الأشخاص أكبر مما يحتفظ به Beltline</translation>
        </message>
        <message>
            <source>lists in lists without end</source>
            <translation>قوائم داخل قوائم بلا نهاية</translation>
        </message>
        <message>
            <source>{key}: no list</source>
            <translation>{key}: ليس قائمة</translation>
        </message>
        <message>
            <source>{key}: there twice</source>
            <translation>{key}: مكرر</translation>
        </message>
        <message>
            <source>it is no whole JSON</source>
            <translation>ليس ملف JSON كاملًا</translation>
        </message>
        <message>
            <source>no object</source>
            <translation>ليس كائن JSON</translation>
        </message>
        <message>
            <source>its person is missing</source>
            <translation>الشخص الذي يخصه مفقود</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.model</name>
        <message>
            <source>its values do not fit together</source>
            <translation>قيمه غير متوافقة</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.sources</name>
        <message>
            <source>it is no ordinary file</source>
            <translation>ليس ملفًّا عاديًّا</translation>
        </message>
        <message>
            <source>one entry of it is larger than any that Beltline keeps</source>
            <translation>إحدى مدخلاته أكبر من كل ما يحتفظ به Beltline</translation>
        </message>
        <message>
            <source>it cannot be read to its end</source>
            <translation>تتعذر قراءته إلى نهايته</translation>
        </message>
    </context>
    <context>
        <name>app.history.place</name>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>يُرجى كتابته بالصيغة ‎postgresql://user:password@host/database‎، أو تركه.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>قيمة {variable} ليست عنوان قاعدة بيانات PostgreSQL.</translation>
        </message>
    </context>
    <context>
        <name>app.history.practice</name>
        <message>
            <source>The file '{name}' is far too large.</source>
            <translation>الملف «‎{name}» كبير جدًّا.</translation>
        </message>
        <message>
            <source>The file '{name}' cannot be read ({why}).</source>
            <translation>تتعذر قراءة الملف «‎{name}» ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no picture that can be read.</source>
            <translation>الملف «‎{name}» ليس صورة تمكن قراءتها.</translation>
        </message>
    </context>
    <context>
        <name>app.history.store</name>
        <message>
            <source>Me</source>
            <translation>أنا</translation>
        </message>
    </context>
    <context>
        <name>app.history.values</name>
        <message>
            <source>The name is empty.</source>
            <translation>الاسم فارغ.</translation>
        </message>
        <message>
            <source>Type a name.</source>
            <translation>تُرجى كتابة اسم.</translation>
        </message>
        <message>
            <source>Choose a shorter one.</source>
            <translation>يُرجى اختيار ما هو أقصر.</translation>
        </message>
        <message>
            <source>The name is longer than {count} letters.</source>
            <translation>الاسم أطول من الحد الأقصى للأحرف ({count}).</translation>
        </message>
        <message>
            <source>The ID is longer than {count} letters.</source>
            <translation>الرقم أطول من الحد الأقصى للأحرف ({count}).</translation>
        </message>
        <message>
            <source>{year} cannot be a year of birth.</source>
            <translation>لا يمكن أن تكون {year} سنة ميلاد.</translation>
        </message>
        <message>
            <source>Give a year from {first} to {last}, or leave it out.</source>
            <translation>يُرجى إعطاء سنة من {first} إلى {last}، أو عدم ذكرها.</translation>
        </message>
        <message>
            <source>it</source>
            <translation>العنصر</translation>
        </message>
        <message>
            <source>{where} holds something else than it should</source>
            <translation>محتوى غير متوقع في {where}</translation>
        </message>
        <message>
            <source>{where} is missing</source>
            <translation>ينقص {where}</translation>
        </message>
    </context>
    <context>
        <name>app.phone.words</name>
        <message>
            <source>There is nothing here. Look at the computer for a new address.</source>
            <translation>لا شيء هنا. يُرجى أخذ عنوان جديد من الحاسوب.</translation>
        </message>
        <message>
            <source>Another phone is taking the pictures. To use this one, press Cancel on the computer and begin again.</source>
            <translation>هاتف آخر يلتقط الصور. لاستخدام هذا الهاتف: الضغط على «إلغاء» في الحاسوب، ثم البدء من جديد.</translation>
        </message>
        <message>
            <source>No picture has come yet.</source>
            <translation>لم تصل أي صورة بعد.</translation>
        </message>
        <message>
            <source>No more pictures fit into one series.</source>
            <translation>لا تتسع السلسلة الواحدة لمزيد من الصور.</translation>
        </message>
        <message>
            <source>This picture is too large: at most 40 MB.</source>
            <translation>هذه الصورة كبيرة جدًّا: الحد الأقصى 40 ميغابايت.</translation>
        </message>
        <message>
            <source>These pictures are too large together.</source>
            <translation>هذه الصور كبيرة جدًّا مجتمعة.</translation>
        </message>
        <message>
            <source>There is no room on the computer's disk.</source>
            <translation>لا توجد مساحة على قرص الحاسوب.</translation>
        </message>
        <message>
            <source>It took too long. Try again.</source>
            <translation>استغرق الأمر وقتًا طويلًا. تُرجى المحاولة مجددًا.</translation>
        </message>
        <message>
            <source>The picture did not come whole. Try again.</source>
            <translation>لم تصل الصورة كاملة. تُرجى المحاولة مجددًا.</translation>
        </message>
        <message>
            <source>Something went wrong on the computer. Try again.</source>
            <translation>حدث خلل في الحاسوب. تُرجى المحاولة مجددًا.</translation>
        </message>
        <message>
            <source>Phone picture {number}</source>
            <translation>صورة الهاتف {number}</translation>
        </message>
        <message>
            <source>Take pictures for Beltline</source>
            <translation>التقاط صور لـ Beltline</translation>
        </message>
        <message>
            <source>This page comes from the computer beside you. The pictures go to that computer and nowhere else. This phone keeps none of those it takes here.</source>
            <translation>هذه الصفحة من الحاسوب الذي بجانبكم. تذهب الصور إلى ذلك الحاسوب وحده، ولا يحتفظ هذا الهاتف بأي صورة يلتقطها هنا.</translation>
        </message>
        <message>
            <source>This connection is not encrypted: others in the same network could see the pictures. Go on only in a network that you trust.</source>
            <translation>هذا الاتصال غير مشفّر، وقد يتمكن آخرون في الشبكة نفسها من رؤية الصور. يُنصح بالمتابعة في شبكة موثوقة فقط.</translation>
        </message>
        <message>
            <source>Stand the phone upright at the height of your hips, three metres away.</source>
            <translation>وضع الهاتف قائمًا على ارتفاع الوركين، على بعد ثلاثة أمتار.</translation>
        </message>
        <message>
            <source>Press Start, then “Start the timer”, and walk into the frame.</source>
            <translation>الضغط على «بدء»، ثم على «تشغيل المؤقّت»، والمشي إلى داخل الإطار.</translation>
        </message>
        <message>
            <source>Stand side-on, whole body in the frame, fists on your collar-bones. The phone takes {pictures} pictures by itself and tells you when.</source>
            <translation>الوقوف من الجانب، والجسم كله داخل الإطار، والقبضتان على الترقوتين. يلتقط الهاتف الصور تلقائيًّا (العدد: {pictures}) ويعلن موعدها.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>بدء</translation>
        </message>
        <message>
            <source>Take single pictures instead</source>
            <translation>التقاط صور مفردة بدلًا من ذلك</translation>
        </message>
        <message>
            <source>First picture after</source>
            <translation>الصورة الأولى بعد</translation>
        </message>
        <message>
            <source>{seconds} seconds</source>
            <translation>{seconds} ث</translation>
        </message>
        <message>
            <source>Count aloud</source>
            <translation>عدّ بصوت مسموع</translation>
        </message>
        <message>
            <source>Other camera</source>
            <translation>كاميرا أخرى</translation>
        </message>
        <message>
            <source>Start the timer</source>
            <translation>تشغيل المؤقّت</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>إيقاف</translation>
        </message>
        <message>
            <source>Stand inside the frame, from head to feet</source>
            <translation>الوقوف داخل الإطار، من الرأس إلى القدمين</translation>
        </message>
        <message>
            <source>The phone is level.</source>
            <translation>الهاتف مستوٍ.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the left.</source>
            <translation>تدوير الهاتف قليلًا إلى اليسار.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the right.</source>
            <translation>تدوير الهاتف قليلًا إلى اليمين.</translation>
        </message>
        <message>
            <source>Stand the phone more upright.</source>
            <translation>جعل الهاتف أكثر استقامة.</translation>
        </message>
        <message>
            <source>Walk into the frame and stand side-on.</source>
            <translation>المشي إلى داخل الإطار والوقوف من الجانب.</translation>
        </message>
        <message>
            <source>March on the spot, then stand relaxed.</source>
            <translation>السير في المكان، ثم الوقوف باسترخاء.</translation>
        </message>
        <message>
            <source>Stand still.</source>
            <translation>الثبات دون حركة.</translation>
        </message>
        <message>
            <source>Picture {number} of {pictures}</source>
            <translation>الصورة {number} من {pictures}</translation>
        </message>
        <message>
            <source>ten,nine,eight,seven,six,five,four,three,two,one</source>
            <translation>عشرة,تسعة,ثمانية,سبعة,ستة,خمسة,أربعة,ثلاثة,اثنان,واحد</translation>
        </message>
        <message>
            <source>All pictures are taken. You can move.</source>
            <translation>التُقطت الصور كلها. يمكن التحرك الآن.</translation>
        </message>
        <message>
            <source>{number} of {pictures} have reached the computer.</source>
            <translation>وصل إلى الحاسوب {number} من {pictures}.</translation>
        </message>
        <message>
            <source>Sending the pictures…</source>
            <translation>جارٍ إرسال الصور…</translation>
        </message>
        <message>
            <source>All pictures have arrived. Look at the computer: it is measuring.</source>
            <translation>وصلت الصور كلها. القياس جارٍ على الحاسوب، ويمكن النظر إليه.</translation>
        </message>
        <message>
            <source>The browser gives this page no camera. Take single pictures with the phone's own camera instead: they are sent to the computer one by one.</source>
            <translation>المتصفح لا يتيح لهذه الصفحة كاميرا. يمكن التقاط صور مفردة بكاميرا الهاتف نفسها، وتُرسل إلى الحاسوب واحدة تلو الأخرى.</translation>
        </message>
        <message>
            <source>The camera was not allowed. Allow it in the browser and load this page again, or take single pictures.</source>
            <translation>لم يُسمح باستخدام الكاميرا. يمكن السماح بها في المتصفح وإعادة تحميل الصفحة، أو التقاط صور مفردة.</translation>
        </message>
        <message>
            <source>Have somebody take you from the side, from three metres away, at the height of your hips. Five pictures are best; march on the spot between them.</source>
            <translation>يُطلب من شخص آخر التصوير من الجانب، على بعد ثلاثة أمتار وعلى ارتفاع الوركين. الأفضل خمس صور، مع السير في المكان بينها.</translation>
        </message>
        <message>
            <source>Take a picture</source>
            <translation>التقاط صورة</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>تم</translation>
        </message>
        <message>
            <source>A picture did not reach the computer: {why}</source>
            <translation>لم تصل صورة إلى الحاسوب: {why}</translation>
        </message>
        <message>
            <source>Send it again</source>
            <translation>إعادة الإرسال</translation>
        </message>
        <message>
            <source>The computer does not answer. Is the phone still in the same Wi-Fi?</source>
            <translation>الحاسوب لا يستجيب. هل ما زال الهاتف في شبكة Wi-Fi نفسها؟</translation>
        </message>
        <message>
            <source>This page needs JavaScript. Switch it on in the browser, or use another browser.</source>
            <translation>تحتاج هذه الصفحة إلى JavaScript. يمكن تفعيله في المتصفح أو استخدام متصفح آخر.</translation>
        </message>
        <message>
            <source>Use your phone</source>
            <translation>استخدام الهاتف</translation>
        </message>
        <message>
            <source>Phone</source>
            <translation>الهاتف</translation>
        </message>
        <message>
            <source>Five pictures with your phone's camera, sent over your own network</source>
            <translation>خمس صور بكاميرا الهاتف، تُرسل عبر الشبكة الخاصة</translation>
        </message>
        <message>
            <source>Use your phone as the camera</source>
            <translation>استخدام الهاتف ككاميرا</translation>
        </message>
        <message>
            <source>Have the phone in the same Wi-Fi or network as this computer.</source>
            <translation>أن يكون الهاتف في شبكة Wi-Fi نفسها أو شبكة هذا الحاسوب.</translation>
        </message>
        <message>
            <source>Point the phone's camera at the square, and open the address that it shows.</source>
            <translation>توجيه كاميرا الهاتف إلى المربع، وفتح العنوان الذي تعرضه.</translation>
        </message>
        <message>
            <source>The phone warns once that it does not know this computer. Choose “Advanced” or “Details”, then go on. After that, do what the page says.</source>
            <translation>ينبّه الهاتف مرة واحدة إلى أنه لا يعرف هذا الحاسوب. حينها يُختار «خيارات متقدمة» أو «التفاصيل» ثم المتابعة، وبعد ذلك العمل بما تقوله الصفحة.</translation>
        </message>
        <message>
            <source>Take the pictures with the phone's own camera, as the page says. Without encryption, others in the same network could see them.</source>
            <translation>التقاط الصور بكاميرا الهاتف نفسها كما تقول الصفحة. من دون تشفير قد يتمكن آخرون في الشبكة نفسها من رؤيتها.</translation>
        </message>
        <message>
            <source>Or type this address into the phone's browser:</source>
            <translation>أو كتابة هذا العنوان في متصفح الهاتف:</translation>
        </message>
        <message>
            <source>The certificate's fingerprint (SHA-256), if you want to compare it:</source>
            <translation>بصمة الشهادة (SHA-256)، لمن يريد مقارنتها:</translation>
        </message>
        <message>
            <source>Opening a page for the phone…</source>
            <translation>جارٍ فتح صفحة للهاتف…</translation>
        </message>
        <message>
            <source>Waiting for the phone. This ends by itself after ten minutes.</source>
            <translation>في انتظار الهاتف. ينتهي ذلك تلقائيًّا بعد عشر دقائق.</translation>
        </message>
        <message>
            <source>A phone is connected. No picture has come yet.</source>
            <translation>هاتف متصل. لم تصل أي صورة بعد.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures have come.</source>
            <translation>
                <numerusform>لم تصل أي صورة بعد.</numerusform>
                <numerusform>وصلت صورة واحدة.</numerusform>
                <numerusform>وصلت صورتان.</numerusform>
                <numerusform>وصلت {count} صور.</numerusform>
                <numerusform>وصلت {count} صورة.</numerusform>
                <numerusform>وصلت {count} صورة.</numerusform>
            </translation>
        </message>
        <message>
            <source>The phone has said nothing for ten minutes, so the page is closed.</source>
            <translation>لم يرد شيء من الهاتف منذ عشر دقائق، لذا أُغلقت الصفحة.</translation>
        </message>
        <message>
            <source>All pictures have come.</source>
            <translation>وصلت الصور كلها.</translation>
        </message>
        <message>
            <source>This computer is in no network that a phone could share.</source>
            <translation>هذا الحاسوب ليس في شبكة يمكن أن يشاركه فيها هاتف.</translation>
        </message>
        <message>
            <source>Connect it to your Wi-Fi or network and try again, or open photographs from a file.</source>
            <translation>يُرجى وصله بشبكة Wi-Fi أو بشبكة أخرى ثم إعادة المحاولة، أو فتح صور من ملف.</translation>
        </message>
        <message>
            <source>No page for the phone could be opened on this network.</source>
            <translation>تعذر فتح صفحة للهاتف في هذه الشبكة.</translation>
        </message>
        <message>
            <source>Try again, or choose another network if there is one.</source>
            <translation>تُرجى المحاولة مجددًا، أو اختيار شبكة أخرى إن وُجدت.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>الشبكة</translation>
        </message>
        <message>
            <source>The one that the phone is in, too</source>
            <translation>الشبكة التي فيها الهاتف أيضًا</translation>
        </message>
        <message>
            <source>The phone does not let me past its warning</source>
            <translation>الهاتف لا يسمح بتجاوز التنبيه</translation>
        </message>
        <message>
            <source>A page without encryption, to which single pictures can be sent</source>
            <translation>صفحة من دون تشفير يمكن إرسال صور مفردة إليها</translation>
        </message>
        <message>
            <source>Measure what has come</source>
            <translation>قياس ما وصل</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>إعادة المحاولة</translation>
        </message>
        <message>
            <source>The page's address as a square code for the phone's camera</source>
            <translation>عنوان الصفحة على شكل رمز مربع لكاميرا الهاتف</translation>
        </message>
    </context>
    <context>
        <name>app.settings</name>
        <message>
            <source>The settings could not be read; the usual ones are in use.</source>
            <translation>تعذرت قراءة الإعدادات، لذا تُستخدم الإعدادات المعتادة.</translation>
        </message>
        <message>
            <source>The file with the settings was damaged; the usual ones are in use.</source>
            <translation>كان ملف الإعدادات تالفًا، لذا تُستخدم الإعدادات المعتادة.</translation>
        </message>
        <message>
            <source>Some of the settings could not be read; the usual ones are in use for them.</source>
            <translation>تعذرت قراءة بعض الإعدادات، لذا يُستخدم المعتاد بدلًا منها.</translation>
        </message>
        <message>
            <source>The choices about reminders could not be read; the usual ones are in use.</source>
            <translation>تعذرت قراءة خيارات التذكير، لذا تُستخدم الخيارات المعتادة.</translation>
        </message>
        <message>
            <source>The file with the choices about reminders was damaged; the usual ones are in use.</source>
            <translation>كان ملف خيارات التذكير تالفًا، لذا تُستخدم الخيارات المعتادة.</translation>
        </message>
        <message>
            <source>Some of the choices about reminders could not be read; the usual ones are in use for them.</source>
            <translation>تعذرت قراءة بعض خيارات التذكير، لذا يُستخدم المعتاد بدلًا منها.</translation>
        </message>
    </context>
    <context>
        <name>app.system.desktop.shortcut</name>
        <message>
            <source>Beltline starts without one as well: write beltline in a terminal.</source>
            <translation>يعمل Beltline من دونه أيضًا، بكتابة beltline في سطر الأوامر.</translation>
        </message>
        <message>
            <source>The menu entry could not be changed ({why}).</source>
            <translation>تعذر تغيير مدخل القائمة ({why}).</translation>
        </message>
        <message>
            <source>the icon cannot be drawn: {why}</source>
            <translation>تعذر رسم الأيقونة: {why}</translation>
        </message>
        <message>
            <source>PowerShell ended with {code}</source>
            <translation>انتهى PowerShell بالرمز {code}</translation>
        </message>
    </context>
    <context>
        <name>app.system.qt</name>
        <message>
            <source>There is no screen to open a window on. Use the command line: beltline measure PHOTO.</source>
            <translation>لا توجد شاشة لفتح نافذة عليها. يُرجى استخدام سطر الأوامر: beltline measure PHOTO.</translation>
        </message>
        <message>
            <source>The system library {library} is missing, without which no window can be opened. On Debian or Ubuntu, install libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 and libxkbcommon-x11-0.</source>
            <translation>مكتبة النظام ‎{library} مفقودة، ولا يمكن فتح نافذة من دونها. في Debian أو Ubuntu يُرجى تثبيت libxcb-cursor0، libxcb-icccm4، libxcb-keysyms1، libxcb-image0، libxcb-render-util0، libxcb-xinerama0، libxkbcommon-x11-0.</translation>
        </message>
        <message>
            <source>No window can be opened ({why}). Use the command line: beltline measure PHOTO.</source>
            <translation>تعذر فتح نافذة ({why}). يُرجى استخدام سطر الأوامر: beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>app.text.advice</name>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>في الصورة شخص آخر، وقد قيس الأكبر حجمًا.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>التقاط الصورة لشخص واحد وحده.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>في الصورة أشخاص آخرون، وقد قيس الشخص المختار.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>القدمان لا تظهران كاملتين في الصورة.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>الرجوع إلى الخلف حتى تظهر القدمان في الصورة.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>الجسم منحرف عن الوضع الجانبي بنحو {}°.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>الدوران حتى يتجه أحد الكتفين نحو الكاميرا مباشرة.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>الجسم كله مائل بنحو {}°، فربما كانت الكاميرا مائلة.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>تثبيت الكاميرا مستوية، أو تعليم شيء عمودي في الصورة مثل إطار باب.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>الشخص صغير بعض الشيء في الصورة: من الورك إلى الكتف {} بكسل.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>الاقتراب، أو استخدام دقة أعلى: الأفضل 200 بكسل على الأقل.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>الصورة مظلمة بعض الشيء.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>زيادة الإضاءة.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>الصورة غير واضحة قليلًا.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>إسناد الكاميرا إلى شيء ثابت والوقوف دون حركة.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>ذراع أو يد تحجب جزءًا من الحوض.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>وضع القبضتين على الترقوتين.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>تبدو الملابس فضفاضة، وهذا يحجب حدود الجسم.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>لبس شيء ملاصق للجسم حول الخصر والوركين.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>لم يظهر الرأس، وهذا يجعل الزاوية أقل تأكيدًا.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>يُستحسن إظهار الرأس أيضًا إن أمكن، ويمكن تغطية الوجه في الصورة لاحقًا.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>افتُرض أن الكاميرا مستوية.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>الكاميرا المائلة تغيّر الزاوية بقدر ميلها، ولمزيد من الدقة يُعلَّم شيء عمودي مثل إطار باب.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>على الحوض شيء يشبه ملصقًا ملونًا، لكن ليس ملصقين اثنين فقط بلون واحد، فلم يُستخدم.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>إظهار ملصقين بلون واحد، أحدهما على النتوء العظمي الأمامي والآخر على النقرة الخلفية.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>كانت الكاميرا أعلى من الوركين بنحو {} سم.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>وضعها على ارتفاع الوركين.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>كانت الكاميرا أخفض من الوركين بنحو {} سم.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>الصورة نفسها موجودة أكثر من مرة، وحُسبت مرة واحدة.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>التقاط صورة جديدة لكل إعادة، والابتعاد قليلًا بين الصور.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>مضى على المعايرة أكثر من سنة.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>إعادة المعايرة، وكذلك كلما تغيّر الوزن كثيرًا.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>المعايرة من إصدار سابق من Beltline، ولم تُستخدم.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>إعادة المعايرة.</translation>
        </message>
        <message>
            <source>last time</source>
            <translation>المرة السابقة</translation>
        </message>
        <message>
            <source>on {day}</source>
            <translation>في {day}</translation>
        </message>
    </context>
    <context>
        <name>app.text.breaks</name>
        <message>
            <source>Sit less</source>
            <translation>تقليل الجلوس</translation>
        </message>
        <message>
            <source>Sitting is nothing to be alarmed about. It is easy to forget how long it has been, so Beltline can remind you to get up. Three to five minutes of walking make a break; standing still alone is not enough. Being away from the computer counts as a break.</source>
            <translation>الجلوس لا يدعو إلى القلق، لكن من السهل نسيان مدته، لذا يستطيع Beltline التذكير بالنهوض. المشي ثلاث إلى خمس دقائق يُعدّ استراحة، أما مجرد الوقوف دون حركة فلا يكفي. والابتعاد عن الحاسوب يُحسب استراحة.</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>الآن</translation>
        </message>
        <message>
            <source>Reminders are off.</source>
            <translation>التذكير متوقف.</translation>
        </message>
        <message>
            <source>The reminder is being started.</source>
            <translation>جارٍ تشغيل التذكير.</translation>
        </message>
        <message>
            <source>Next reminder in about {minutes} minutes.</source>
            <translation>الدقائق حتى التذكير التالي: نحو {minutes}.</translation>
        </message>
        <message>
            <source>Next reminder in about a minute.</source>
            <translation>التذكير التالي بعد نحو دقيقة.</translation>
        </message>
        <message>
            <source>Paused until {until}.</source>
            <translation>متوقف مؤقتًا حتى {until}.</translation>
        </message>
        <message>
            <source>It is time for a short break.</source>
            <translation>حان وقت استراحة قصيرة.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about {minutes} minutes.</source>
            <translation>أنتم في وضع الوقوف. الدقائق حتى التذكير التالي: نحو {minutes}.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about a minute.</source>
            <translation>أنتم في وضع الوقوف. التذكير التالي بعد نحو دقيقة.</translation>
        </message>
        <message>
            <source>You have been standing for a while.</source>
            <translation>مضى بعض الوقت على الوقوف.</translation>
        </message>
        <message>
            <source>The next reminder comes when you sit at the computer again.</source>
            <translation>يأتي التذكير التالي عند الجلوس إلى الحاسوب مجددًا.</translation>
        </message>
        <message>
            <source>Silent while the microphone is in use.</source>
            <translation>صامت ما دام الميكروفون مستخدمًا.</translation>
        </message>
        <message>
            <source>Silent while the camera is in use.</source>
            <translation>صامت ما دامت الكاميرا مستخدمة.</translation>
        </message>
        <message>
            <source>Silent while a program keeps the screen on, as a film does.</source>
            <translation>صامت ما دام برنامج يُبقي الشاشة مضاءة، كما يفعل الفيلم.</translation>
        </message>
        <message>
            <source>Silent while a program fills the whole screen.</source>
            <translation>صامت ما دام برنامج يملأ الشاشة كلها.</translation>
        </message>
        <message>
            <source>This waited while the microphone was in use.</source>
            <translation>تأخر هذا لأن الميكروفون كان مستخدمًا.</translation>
        </message>
        <message>
            <source>This waited while the camera was in use.</source>
            <translation>تأخر هذا لأن الكاميرا كانت مستخدمة.</translation>
        </message>
        <message>
            <source>This waited while a program kept the screen on, as a film does.</source>
            <translation>تأخر هذا لأن برنامجًا كان يُبقي الشاشة مضاءة، كما يفعل الفيلم.</translation>
        </message>
        <message>
            <source>This waited while a program filled the whole screen.</source>
            <translation>تأخر هذا لأن برنامجًا كان يملأ الشاشة كلها.</translation>
        </message>
        <message>
            <source>For instance: {what}</source>
            <translation>على سبيل المثال: {what}</translation>
        </message>
        <message>
            <source>I am taking a break now</source>
            <translation>آخذ استراحة الآن</translation>
        </message>
        <message>
            <source>Note a break and start counting again</source>
            <translation>تدوين استراحة وبدء العدّ من جديد</translation>
        </message>
        <message>
            <source>I am standing now</source>
            <translation>أقف الآن</translation>
        </message>
        <message>
            <source>Sitting does not count while you stand</source>
            <translation>لا يُحسب الجلوس أثناء الوقوف</translation>
        </message>
        <message>
            <source>I am sitting now</source>
            <translation>أجلس الآن</translation>
        </message>
        <message>
            <source>Sitting counts again</source>
            <translation>يُحسب الجلوس من جديد</translation>
        </message>
        <message>
            <source>Remind me in 10 minutes</source>
            <translation>التذكير بعد 10 دقائق</translation>
        </message>
        <message>
            <source>Remind me again in 10 minutes</source>
            <translation>التذكير مجددًا بعد 10 دقائق</translation>
        </message>
        <message>
            <source>Pause 1 hour</source>
            <translation>إيقاف ساعة واحدة</translation>
        </message>
        <message>
            <source>Pause 2 hours</source>
            <translation>إيقاف ساعتين</translation>
        </message>
        <message>
            <source>No reminder meanwhile, for a presentation or a film</source>
            <translation>لا تذكير في هذه الأثناء، مثلًا لعرض أو فيلم</translation>
        </message>
        <message>
            <source>Pause until tomorrow</source>
            <translation>إيقاف حتى الغد</translation>
        </message>
        <message>
            <source>No reminder for the rest of today</source>
            <translation>لا تذكير بقية اليوم</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>استئناف</translation>
        </message>
        <message>
            <source>End the pause</source>
            <translation>إنهاء الإيقاف المؤقت</translation>
        </message>
        <message>
            <source>No break noted today so far.</source>
            <translation>لم تُدوّن أي استراحة اليوم حتى الآن.</translation>
        </message>
        <message>
            <source>1 break today, at {last}.</source>
            <translation>استراحة واحدة اليوم، الساعة {last}.</translation>
        </message>
        <message>
            <source>{count} breaks today, the last at {last}.</source>
            <translation>استراحات اليوم: {count}، آخرها الساعة {last}.</translation>
        </message>
        <message>
            <source>1 of them was noticed because you were away.</source>
            <translation>عُرفت إحداها من الابتعاد عن الحاسوب.</translation>
        </message>
        <message>
            <source>{count} of them were noticed because you were away.</source>
            <translation>ما عُرف منها من الابتعاد عن الحاسوب: {count}.</translation>
        </message>
        <message numerus="yes">
            <source>You stood at the desk for {count} minutes.</source>
            <translation>
                <numerusform>لم يُسجَّل وقوف عند المكتب.</numerusform>
                <numerusform>الوقوف عند المكتب: دقيقة واحدة.</numerusform>
                <numerusform>الوقوف عند المكتب: دقيقتان.</numerusform>
                <numerusform>الوقوف عند المكتب: {count} دقائق.</numerusform>
                <numerusform>الوقوف عند المكتب: {count} دقيقة.</numerusform>
                <numerusform>الوقوف عند المكتب: {count} دقيقة.</numerusform>
            </translation>
        </message>
        <message>
            <source>Reminder</source>
            <translation>التذكير</translation>
        </message>
        <message>
            <source>Remind me to get up</source>
            <translation>التذكير بالنهوض</translation>
        </message>
        <message>
            <source>After sitting for</source>
            <translation>بعد الجلوس مدة</translation>
        </message>
        <message>
            <source> minutes</source>
            <translation> دقيقة</translation>
        </message>
        <message>
            <source>{minutes} min</source>
            <translation>{minutes} د</translation>
        </message>
        <message>
            <source>Remind me after {minutes} minutes</source>
            <translation>التذكير بعد {minutes} دقيقة</translation>
        </message>
        <message>
            <source>60 minutes is the usual choice because it is easy to keep up; type any number from {least} to {most}. The time counts only while you use the computer, and starts again after each break.</source>
            <translation>60 دقيقة هي الخيار المعتاد لسهولة الالتزام بها. يمكن كتابة أي عدد من {least} إلى {most}. لا يُحسب الوقت إلا أثناء استخدام الحاسوب، ويبدأ من جديد بعد كل استراحة.</translation>
        </message>
        <message>
            <source>A break takes</source>
            <translation>مدة الاستراحة</translation>
        </message>
        <message>
            <source>Being away for so long is a break: nobody touches keyboard or mouse, the screen is locked, or the computer sleeps.</source>
            <translation>الابتعاد هذه المدة يُعدّ استراحة: لا أحد يلمس لوحة المفاتيح أو الفأرة، أو الشاشة مقفلة، أو الحاسوب في وضع السكون.</translation>
        </message>
        <message>
            <source>I have a desk to stand at</source>
            <translation>لديّ مكتب للعمل وقوفًا</translation>
        </message>
        <message>
            <source>After standing for</source>
            <translation>بعد الوقوف مدة</translation>
        </message>
        <message>
            <source>Then say when you stand and when you sit, here or in the menu of the small icon. While you stand, sitting does not count, and after this time you are reminded to sit down or to move. When you sit again, sitting goes on where it was: standing alone is no break.</source>
            <translation>عندئذٍ يُحدَّد متى يكون الوقوف ومتى يكون الجلوس، هنا أو في قائمة الأيقونة الصغيرة. أثناء الوقوف لا يُحسب الجلوس، وبعد هذه المدة يأتي تذكير بالجلوس أو الحركة. وعند الجلوس مجددًا يُستأنف حسابه من حيث توقف: فالوقوف وحده ليس استراحة.</translation>
        </message>
        <message>
            <source>Quiet hours</source>
            <translation>ساعات الهدوء</translation>
        </message>
        <message>
            <source>from</source>
            <translation>من</translation>
        </message>
        <message>
            <source>to</source>
            <translation>إلى</translation>
        </message>
        <message>
            <source>Quiet hours begin at</source>
            <translation>تبدأ ساعات الهدوء</translation>
        </message>
        <message>
            <source>Quiet hours end at</source>
            <translation>تنتهي ساعات الهدوء</translation>
        </message>
        <message>
            <source>Quiet days</source>
            <translation>أيام الهدوء</translation>
        </message>
        <message>
            <source>A reminder that falls into them comes afterwards, if you are still sitting.</source>
            <translation>إذا حلّ موعد التذكير خلالها جاء بعدها، إن كان الجلوس مستمرًّا.</translation>
        </message>
        <message>
            <source>With a sound</source>
            <translation>مع صوت</translation>
        </message>
        <message>
            <source>Silent during calls and films</source>
            <translation>صامت أثناء المكالمات والأفلام</translation>
        </message>
        <message>
            <source>During calls, presentations and films in full screen the reminder waits, and comes afterwards if you are still sitting. It looks whether a program uses the microphone or the camera, keeps the screen on or fills it.</source>
            <translation>أثناء المكالمات والعروض والأفلام بملء الشاشة ينتظر التذكير، ثم يأتي بعدها إن كان الجلوس مستمرًّا. وهو ينظر هل يستخدم برنامج الميكروفون أو الكاميرا، أو يُبقي الشاشة مضاءة أو يملؤها.</translation>
        </message>
        <message>
            <source>Start when I log in</source>
            <translation>البدء عند تسجيل الدخول</translation>
        </message>
        <message>
            <source>Without this, reminders come only once you have opened Beltline, and until you quit its small icon near the clock.</source>
            <translation>من دون ذلك لا يأتي التذكير إلا بعد فتح Beltline، وحتى إنهاء أيقونته الصغيرة قرب الساعة.</translation>
        </message>
        <message>
            <source>Beltline could not change what starts when you log in. {why}</source>
            <translation>لم يتمكن Beltline من تغيير ما يبدأ عند تسجيل الدخول. {why}</translation>
        </message>
        <message>
            <source>Today's breaks could not be read. {why}</source>
            <translation>تعذرت قراءة استراحات اليوم. {why}</translation>
        </message>
        <message>
            <source>This desktop has no place for small icons near the clock, so the reminder shows at the foot of this window while it is open.</source>
            <translation>لا مكان في سطح المكتب هذا لأيقونات صغيرة قرب الساعة، لذا يظهر التذكير أسفل هذه النافذة ما دامت مفتوحة.</translation>
        </message>
        <message>
            <source>This desktop does not tell how long keyboard and mouse have rested. A locked screen and a sleeping computer count as breaks; for the others, press the button.</source>
            <translation>سطح المكتب هذا لا يبيّن منذ متى لم تُستخدم لوحة المفاتيح والفأرة. الشاشة المقفلة والحاسوب في وضع السكون يُحسبان استراحة، ولسواهما يُضغط الزر.</translation>
        </message>
        <message>
            <source>What to do in a break</source>
            <translation>ما يمكن فعله في الاستراحة</translation>
        </message>
        <message>
            <source>Stand up</source>
            <translation>النهوض</translation>
        </message>
        <message>
            <source>Push the chair back, get up and let your arms hang. Then go on with one of these.</source>
            <translation>دفع الكرسي إلى الخلف والنهوض وإرخاء الذراعين، ثم المتابعة بأحد هذه.</translation>
        </message>
        <message>
            <source>Walk for 3 to 5 minutes</source>
            <translation>المشي 3 إلى 5 دقائق</translation>
        </message>
        <message>
            <source>To the kitchen, up and down the stairs, round the house: any pace is fine.</source>
            <translation>إلى المطبخ، أو على الدرج صعودًا ونزولًا، أو حول المنزل: أي سرعة مناسبة.</translation>
        </message>
        <message>
            <source>One stretch</source>
            <translation>إطالة واحدة</translation>
        </message>
        <message>
            <source>Take a long step and bend the front knee a little. Tuck your bottom under until you feel a gentle pull at the front of the other hip. Stay for 20 seconds, breathe, change sides. Stop if it hurts.</source>
            <translation>خطوة طويلة مع ثني الركبة الأمامية قليلًا، ثم سحب المؤخرة تحت الجسم حتى الإحساس بشدّ خفيف في مقدمة الورك الآخر. البقاء 20 ثانية مع التنفس، ثم تبديل الجانب. التوقف عند الألم.</translation>
        </message>
        <message>
            <source>Ten squeezes</source>
            <translation>عشر شدّات</translation>
        </message>
        <message>
            <source>Standing or sitting, squeeze both sides of your buttocks for 5 seconds, breathe on, let go. Ten times; keep the thighs loose.</source>
            <translation>وقوفًا أو جلوسًا: شدّ الأليتين 5 ثوانٍ مع مواصلة التنفس، ثم الإرخاء. عشر مرات، والفخذان مرتخيان.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>تم</translation>
        </message>
        <message>
            <source>I took a break</source>
            <translation>أخذتُ استراحة</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>لاحقًا</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>التذكير بالاستراحة</translation>
        </message>
        <message>
            <source>Beltline</source>
            <translation>Beltline</translation>
        </message>
        <message>
            <source>Remind me in 5 minutes</source>
            <translation>التذكير بعد 5 دقائق</translation>
        </message>
        <message>
            <source>No reminders for a while</source>
            <translation>إيقاف التذكير فترة</translation>
        </message>
        <message>
            <source>Open Beltline</source>
            <translation>فتح Beltline</translation>
        </message>
        <message>
            <source>Reminder settings...</source>
            <translation>إعدادات التذكير...</translation>
        </message>
        <message>
            <source>Quit the reminder</source>
            <translation>إنهاء التذكير</translation>
        </message>
        <message>
            <source>Reminders are off. Switch them on in the window: Sit less, 'Remind me to get up'. To open it: beltline</source>
            <translation>التذكير متوقف. يمكن تشغيله في النافذة: تقليل الجلوس، «التذكير بالنهوض». لفتحها: beltline</translation>
        </message>
        <message>
            <source>The reminder is running already.</source>
            <translation>التذكير يعمل بالفعل.</translation>
        </message>
        <message>
            <source>A reminder is running but does not answer. End it in the system's list of programs, then start it again: beltline tray</source>
            <translation>يوجد تذكير يعمل لكنه لا يستجيب. يمكن إنهاؤه من قائمة البرامج في النظام، ثم تشغيله من جديد: beltline tray</translation>
        </message>
        <message>
            <source>The reminder cannot start: {why}.</source>
            <translation>تعذر تشغيل التذكير: {why}.</translation>
        </message>
        <message>
            <source>Another Beltline window is open but does not answer, so this one opened beside it. What you change in one shows in the other after a restart.</source>
            <translation>توجد نافذة أخرى من Beltline مفتوحة لكنها لا تستجيب، لذا فُتحت هذه إلى جانبها. ما يتغيّر في إحداهما يظهر في الأخرى بعد إعادة التشغيل.</translation>
        </message>
        <message>
            <source>stand up, then {what}. {how}</source>
            <translation>النهوض، ثم {what}. {how}</translation>
        </message>
        <message>
            <source>sit down, or {what}. {how}</source>
            <translation>الجلوس، أو {what}. {how}</translation>
        </message>
    </context>
    <context>
        <name>app.text.calibration</name>
        <message>
            <source>Calibrate</source>
            <translation>معايرة</translation>
        </message>
        <message>
            <source>Bones are shaped differently in everybody, and an outline cannot show them. Show Beltline once where your bones are, and from then on it takes that into account whenever it measures you by your outline.</source>
            <translation>تختلف أشكال العظام من شخص إلى آخر، ولا تُظهرها حدود الجسم. يكفي بيان موضع العظام لـ Beltline مرة واحدة، فيأخذه في الحسبان كلما قاس من حدود الجسم.</translation>
        </message>
        <message>
            <source>Feel for the bump at the front of your hip bone and for the dimple at the back. Put a round sticker on each, both of one colour, on the side that faces the camera.</source>
            <translation>تحسُّس النتوء في مقدمة عظم الورك والنقرة في الخلف، ثم وضع ملصق دائري على كل منهما، بلون واحد، على الجانب المواجه للكاميرا.</translation>
        </message>
        <message>
            <source>Take a picture side-on in clothes that fit closely. One is enough; five are better, each time after a few steps and with the stickers placed again.</source>
            <translation>التقاط صورة من الجانب بملابس ملاصقة للجسم. صورة واحدة تكفي وخمس أفضل، كل مرة بعد بضع خطوات ومع وضع الملصقين من جديد.</translation>
        </message>
        <message>
            <source>Without stickers, press “Mark the bony points yourself” and drag both crosses to where your fingers feel the bones.</source>
            <translation>من دون ملصقات: الضغط على «تعليم نقطتي العظم يدويًّا» وسحب العلامتين إلى حيث تحسّ الأصابع بالعظم.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further forward than your outline shows.</source>
            <translation>‏{source}: العظام أكثر ميلًا إلى الأمام بمقدار {angle}° مما تُظهره حدود الجسم.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further backward than your outline shows.</source>
            <translation>‏{source}: العظام أكثر ميلًا إلى الخلف بمقدار {angle}° مما تُظهره حدود الجسم.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted just as your outline shows.</source>
            <translation>‏{source}: ميل العظام مطابق لما تُظهره حدود الجسم.</translation>
        </message>
        <message>
            <source>{source}: {message} {fix}</source>
            <translation>‏{source}: {message} {fix}</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further forward than your outline shows ({interval}).</source>
            <translation>العظام أكثر ميلًا إلى الأمام بمقدار {angle}° مما تُظهره حدود الجسم ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further backward than your outline shows ({interval}).</source>
            <translation>العظام أكثر ميلًا إلى الخلف بمقدار {angle}° مما تُظهره حدود الجسم ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted just as your outline shows ({interval}).</source>
            <translation>ميل العظام مطابق لما تُظهره حدود الجسم ({interval}).</translation>
        </message>
        <message>
            <source>likely {first} to {last}</source>
            <translation>على الأرجح {first} إلى {last}</translation>
        </message>
        <message>
            <source>likely from {back} further backward to {ahead} further forward</source>
            <translation>على الأرجح بين {back} إلى الخلف و{ahead} إلى الأمام</translation>
        </message>
        <message>
            <source>From now on, {angle}° are added whenever you are measured by your outline.</source>
            <translation>من الآن تُضاف {angle}° كلما جرى القياس من حدود الجسم.</translation>
        </message>
        <message>
            <source>From now on, {angle}° are taken away whenever you are measured by your outline.</source>
            <translation>من الآن تُطرح {angle}° كلما جرى القياس من حدود الجسم.</translation>
        </message>
        <message>
            <source>From now on, your outline is known to show your tilt as it is.</source>
            <translation>من الآن يُعرف أن حدود الجسم تُظهر الميل كما هو.</translation>
        </message>
        <message>
            <source>Such checks are called calibrated. They get a line of their own over time and are compared with each other only.</source>
            <translation>تسمى هذه القياسات «معايَرة». لها خط خاص بها عبر الزمن، ولا تُقارن إلا بعضها ببعض.</translation>
        </message>
        <message numerus="yes">
            <source>It rests on {count} pictures, the last of {day}.</source>
            <translation>
                <numerusform>لا تستند إلى أي صورة.</numerusform>
                <numerusform>تستند إلى صورة واحدة، من {day}. خمس صور أوثق.</numerusform>
                <numerusform>تستند إلى صورتين، أُخذت الأخيرة في {day}.</numerusform>
                <numerusform>تستند إلى {count} صور، أُخذت آخرها في {day}.</numerusform>
                <numerusform>تستند إلى {count} صورة، أُخذت آخرها في {day}.</numerusform>
                <numerusform>تستند إلى {count} صورة، أُخذت آخرها في {day}.</numerusform>
            </translation>
        </message>
        <message>
            <source>Calibrate again after a year, or when your weight has changed much.</source>
            <translation>تُعاد المعايرة بعد سنة، أو عندما يتغيّر الوزن كثيرًا.</translation>
        </message>
        <message>
            <source>It is more than a year old. Please calibrate again.</source>
            <translation>مضى عليها أكثر من سنة. تُرجى إعادة المعايرة.</translation>
        </message>
        <message>
            <source>It was made with an earlier version of Beltline and is not used any more. Please calibrate again.</source>
            <translation>أُجريت بإصدار سابق من Beltline ولم تعد تُستخدم. تُرجى إعادة المعايرة.</translation>
        </message>
        <message>
            <source>{name} is not calibrated yet. Do it with: beltline calibrate PHOTO... --profile NAME</source>
            <translation>لا توجد معايرة بعد لـ {name}. يمكن إجراؤها بالأمر: beltline calibrate PHOTO... --profile NAME</translation>
        </message>
        <message>
            <source>One picture is enough; up to five make it surer.</source>
            <translation>صورة واحدة تكفي، وحتى خمس صور تزيد التأكيد.</translation>
        </message>
        <message>
            <source>Calibrated. From now on, checks by the outline rest on it.</source>
            <translation>تمت المعايرة. من الآن تستند إليها القياسات من حدود الجسم.</translation>
        </message>
        <message>
            <source>Too little is kept of its pictures. Please take new ones.</source>
            <translation>ما حُفظ من صورها أقل من اللازم. يُرجى التقاط صور جديدة.</translation>
        </message>
        <message>
            <source>No calibration was kept, and nothing else has changed.</source>
            <translation>لم تُحفظ أي معايرة، ولم يتغيّر شيء آخر.</translation>
        </message>
        <message>
            <source>The calibration of {name} is forgotten. Checks made with it, and its pictures, stay.</source>
            <translation>حُذفت معايرة {name}. تبقى القياسات التي اعتمدت عليها، وتبقى صورها.</translation>
        </message>
        <message>
            <source>{name} is not calibrated, so there is nothing to forget.</source>
            <translation>لا توجد معايرة لـ {name}، فلا شيء يُحذف.</translation>
        </message>
        <message>
            <source>It rests on the calibration of {day}.</source>
            <translation>يستند إلى معايرة {day}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.experiment</name>
        <message>
            <source>Did the exercises help me?</source>
            <translation>هل ساعدتني التمارين؟</translation>
        </message>
        <message>
            <source>Plan some weeks with your exercises and some without; chance decides which. Make a check every week, in the same clothes. At the end Beltline tells you whether the two kinds of weeks differ by more than chance.</source>
            <translation>تُخطَّط أسابيع مع التمارين وأسابيع من دونها، وتوزَّع بالقرعة. يُجرى قياس كل أسبوع بالملابس نفسها. وفي النهاية يبيّن Beltline هل يختلف نوعا الأسابيع بأكثر من المصادفة.</translation>
        </message>
        <message>
            <source>This shows only what comes and goes within a week, not strength that lasts longer, nor how you feel. In trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>لا يُظهر هذا إلا ما يأتي ويزول خلال أسبوع، لا القوة التي تدوم أطول، ولا ما تشعرون به. في التجارب تغيّر الميل نفسه بمقدار 1 إلى 2° على الأكثر.</translation>
        </message>
        <message>
            <source>How long</source>
            <translation>المدة</translation>
        </message>
        <message>
            <source>{count} weeks</source>
            <translation>{count} أسبوعًا</translation>
        </message>
        <message>
            <source>Plan these weeks from today</source>
            <translation>تخطيط هذه الأسابيع من اليوم</translation>
        </message>
        <message>
            <source>End this plan</source>
            <translation>إنهاء هذه الخطة</translation>
        </message>
        <message>
            <source>Planned {count} weeks</source>
            <translation>خُطّط لـ {count} أسبوعًا</translation>
        </message>
        <message>
            <source>Ended the plan</source>
            <translation>أُنهيت الخطة</translation>
        </message>
        <message>
            <source>Week {week} of {count}: do your exercises, and make a check.</source>
            <translation>الأسبوع {week} من {count}: أداء التمارين وإجراء قياس.</translation>
        </message>
        <message>
            <source>Week {week} of {count}: no exercises, but make a check.</source>
            <translation>الأسبوع {week} من {count}: من دون تمارين، مع إجراء قياس.</translation>
        </message>
        <message>
            <source>The plan ended on {day}.</source>
            <translation>انتهت الخطة في {day}.</translation>
        </message>
        <message>
            <source>Planned on {day}.</source>
            <translation>خُطّط في {day}.</translation>
        </message>
        <message>
            <source>Exercises: {with_} in weeks with them, {without} in weeks without.</source>
            <translation>أيام التمارين: {with_} في أسابيع التمارين، و{without} في الأسابيع الأخرى.</translation>
        </message>
        <message numerus="yes">
            <source>{count} days</source>
            <translation>
                <numerusform>0 أيام</numerusform>
                <numerusform>يوم واحد</numerusform>
                <numerusform>يومان</numerusform>
                <numerusform>{count} أيام</numerusform>
                <numerusform>{count} يومًا</numerusform>
                <numerusform>{count} يوم</numerusform>
            </translation>
        </message>
        <message>
            <source>Tilt: nothing to compare yet. It takes a check in weeks of both kinds.</source>
            <translation>الميل: لا شيء للمقارنة بعد. يلزم قياس في أسابيع من النوعين.</translation>
        </message>
        <message>
            <source>Range: nothing to compare yet. It takes a range test in weeks of both kinds.</source>
            <translation>المدى: لا شيء للمقارنة بعد. يلزم اختبار مدى في أسابيع من النوعين.</translation>
        </message>
        <message>
            <source>Tilt: {mean}° more forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>الميل: أكثر إلى الأمام بمقدار {mean}° في أسابيع التمارين (على الأرجح {low} إلى {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° wider in weeks with exercises (likely {low} to {high}).</source>
            <translation>المدى: أوسع بمقدار {mean}° في أسابيع التمارين (على الأرجح {low} إلى {high}).</translation>
        </message>
        <message>
            <source>Tilt: {mean}° less forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>الميل: أقل إلى الأمام بمقدار {mean}° في أسابيع التمارين (على الأرجح {low} إلى {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° narrower in weeks with exercises (likely {low} to {high}).</source>
            <translation>المدى: أضيق بمقدار {mean}° في أسابيع التمارين (على الأرجح {low} إلى {high}).</translation>
        </message>
        <message>
            <source>Tilt: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>الميل: متساوٍ في الأسابيع مع التمارين ومن دونها (على الأرجح {low} إلى {high}).</translation>
        </message>
        <message>
            <source>Range: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>المدى: متساوٍ في الأسابيع مع التمارين ومن دونها (على الأرجح {low} إلى {high}).</translation>
        </message>
        <message>
            <source>{pairs} of {least} pairs of weeks so far: too few to tell it from chance.</source>
            <translation>أزواج الأسابيع حتى الآن: {pairs} من {least}، وهي أقل من أن تميّزه عن المصادفة.</translation>
        </message>
        <message>
            <source>Chance alone does as much in {often} of 100 such plans, so this shows no difference.</source>
            <translation>المصادفة وحدها تُحدث هذا القدر في {often} من كل 100 خطة كهذه، فلا يدل ذلك على فرق.</translation>
        </message>
        <message>
            <source>Chance alone does as much in only {often} of 100 such plans.</source>
            <translation>المصادفة وحدها لا تُحدث هذا القدر إلا في {often} من كل 100 خطة كهذه.</translation>
        </message>
        <message>
            <source>Chance alone does as much in fewer than 1 of 100 such plans.</source>
            <translation>المصادفة وحدها تُحدث هذا القدر في أقل من خطة واحدة من كل 100 خطة كهذه.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.progress</name>
        <message>
            <source>What you did</source>
            <translation>ما أنجزتموه</translation>
        </message>
        <message>
            <source>This week: {done}.</source>
            <translation>هذا الأسبوع: {done}.</translation>
        </message>
        <message>
            <source>nothing noted so far</source>
            <translation>لم يُدوّن شيء حتى الآن</translation>
        </message>
        <message>
            <source>Last week: {done}.</source>
            <translation>الأسبوع الماضي: {done}.</translation>
        </message>
        <message>
            <source>{count} weeks in a row with exercises on {days} days or more.</source>
            <translation>عدد الأسابيع المتتالية التي لا تقل أيام التمارين فيها عن {days}: {count}.</translation>
        </message>
        <message>
            <source>The habit is what counts: in trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>العادة هي المهم: في التجارب تغيّر الميل نفسه بمقدار 1 إلى 2° على الأكثر.</translation>
        </message>
        <message>
            <source>■ exercises</source>
            <translation>■ التمارين</translation>
        </message>
        <message>
            <source>▮ breaks</source>
            <translation>▮ الاستراحات</translation>
        </message>
        <message>
            <source>self-check: ● yes, ◐ partly, ○ no</source>
            <translation>الفحص الذاتي: ● نعم، ◐ جزئيًّا، ○ لا</translation>
        </message>
        <message>
            <source>Exercises, breaks and self-checks over time</source>
            <translation>التمارين والاستراحات والفحوص الذاتية عبر الزمن</translation>
        </message>
        <message>
            <source>Left and Right go from one day, week or month to the next.</source>
            <translation>السهمان الأيسر والأيمن للتنقل بين الأيام أو الأسابيع أو الشهور.</translation>
        </message>
        <message numerus="yes">
            <source>exercises on {count} days</source>
            <translation>
                <numerusform>لا تمارين</numerusform>
                <numerusform>تمارين في يوم واحد</numerusform>
                <numerusform>تمارين في يومين</numerusform>
                <numerusform>تمارين في {count} أيام</numerusform>
                <numerusform>تمارين في {count} يومًا</numerusform>
                <numerusform>تمارين في {count} يوم</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} sets</source>
            <translation>
                <numerusform>لا مجموعات</numerusform>
                <numerusform>مجموعة واحدة</numerusform>
                <numerusform>مجموعتان</numerusform>
                <numerusform>{count} مجموعات</numerusform>
                <numerusform>{count} مجموعة</numerusform>
                <numerusform>{count} مجموعة</numerusform>
            </translation>
        </message>
        <message>
            <source>{sets} of {count} different exercises</source>
            <translation>{sets}، من تمارين مختلفة: {count}</translation>
        </message>
        <message numerus="yes">
            <source>{count} breaks</source>
            <translation>
                <numerusform>لا استراحات</numerusform>
                <numerusform>استراحة واحدة</numerusform>
                <numerusform>استراحتان</numerusform>
                <numerusform>{count} استراحات</numerusform>
                <numerusform>{count} استراحة</numerusform>
                <numerusform>{count} استراحة</numerusform>
            </translation>
        </message>
        <message>
            <source>{breaks} ({count} noticed while you were away)</source>
            <translation>{breaks} (منها عند الابتعاد عن الحاسوب: {count})</translation>
        </message>
        <message numerus="yes">
            <source>{count} self-checks</source>
            <translation>
                <numerusform>لا فحوص ذاتية</numerusform>
                <numerusform>فحص ذاتي واحد</numerusform>
                <numerusform>فحصان ذاتيان</numerusform>
                <numerusform>{count} فحوص ذاتية</numerusform>
                <numerusform>{count} فحصًا ذاتيًّا</numerusform>
                <numerusform>{count} فحص ذاتي</numerusform>
            </translation>
        </message>
        <message>
            <source>{when}: {done}.</source>
            <translation>{when}: {done}.</translation>
        </message>
        <message>
            <source>Week from {when}: {done}.</source>
            <translation>الأسبوع من {when}: {done}.</translation>
        </message>
        <message>
            <source>Month from {when}: {done}.</source>
            <translation>الشهر من {when}: {done}.</translation>
        </message>
        <message>
            <source>What was done, week by week</source>
            <translation>ما أُنجز أسبوعًا بعد أسبوع</translation>
        </message>
        <message>
            <source>Weeks begin on Monday. Sets as the person, a timer or the camera counted them; breaks as the person said or the computer noticed. In trials of exercises the tilt itself changed by 1 to 2° at most, so this is no explanation of the angles.</source>
            <translation>تبدأ الأسابيع يوم الاثنين. المجموعات كما عدّها الشخص أو المؤقّت أو الكاميرا، والاستراحات كما ذكرها الشخص أو لاحظها الحاسوب. في تجارب التمارين تغيّر الميل نفسه بمقدار 1 إلى 2° على الأكثر، فلا يفسّر هذا الزوايا.</translation>
        </message>
        <message>
            <source>Days with exercises</source>
            <translation>أيام التمارين</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>المجموعات</translation>
        </message>
        <message>
            <source>Breaks</source>
            <translation>الاستراحات</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>الفحص الذاتي</translation>
        </message>
        <message>
            <source>from {day}</source>
            <translation>من {day}</translation>
        </message>
        <message>
            <source>{day}: {answers}</source>
            <translation>{day}: {answers}</translation>
        </message>
        <message>
            <source>Since {day}: exercises on {days} days, {sets} sets, {breaks} breaks.</source>
            <translation>منذ {day}: أيام التمارين {days}، والمجموعات {sets}، والاستراحات {breaks}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.stance</name>
        <message>
            <source>Last time you stood {how}.</source>
            <translation>في المرة السابقة كانت الوقفة: {how}.</translation>
        </message>
        <message>
            <source>At the check before, you stood {how}.</source>
            <translation>في القياس السابق كانت الوقفة: {how}.</translation>
        </message>
        <message>
            <source>In the earlier one you stood {how}.</source>
            <translation>في القياس الأقدم كانت الوقفة: {how}.</translation>
        </message>
        <message>
            <source>You stand as you did last time.</source>
            <translation>الوقفة الآن كما في المرة السابقة.</translation>
        </message>
        <message>
            <source>Show how you stood last time</source>
            <translation>إظهار وقفة المرة السابقة</translation>
        </message>
        <message>
            <source>The outline of your last check, so that you can stand the same way again</source>
            <translation>حدود الجسم في آخر قياس، لإعادة الوقفة نفسها</translation>
        </message>
        <message>
            <source>with your left side to the camera</source>
            <translation>الجانب الأيسر نحو الكاميرا</translation>
        </message>
        <message>
            <source>with your right side to the camera</source>
            <translation>الجانب الأيمن نحو الكاميرا</translation>
        </message>
        <message>
            <source>with your fists on your collar-bones</source>
            <translation>القبضتان على الترقوتين</translation>
        </message>
        <message>
            <source>with your arms hanging down</source>
            <translation>الذراعان متدليتان</translation>
        </message>
        <message>
            <source>with your arms crossed on your chest</source>
            <translation>الذراعان متقاطعتان على الصدر</translation>
        </message>
        <message>
            <source>with your arms stretched forward</source>
            <translation>الذراعان ممدودتان إلى الأمام</translation>
        </message>
        <message>
            <source>in {garment}</source>
            <translation>بملابس: {garment}</translation>
        </message>
        <message>
            <source>further away</source>
            <translation>على مسافة أبعد</translation>
        </message>
        <message>
            <source>nearer</source>
            <translation>على مسافة أقرب</translation>
        </message>
        <message>
            <source>with the camera higher up</source>
            <translation>الكاميرا أعلى</translation>
        </message>
        <message>
            <source>with the camera lower down</source>
            <translation>الكاميرا أخفض</translation>
        </message>
        <message>
            <source>with the camera more level</source>
            <translation>الكاميرا أقل ميلًا</translation>
        </message>
        <message>
            <source>with the camera more tilted</source>
            <translation>الكاميرا أكثر ميلًا</translation>
        </message>
    </context>
    <context>
        <name>app.text.check</name>
        <message>
            <source>Put your hands on your hips. Follow the edge of the bone forward with your fingers until it ends in a small bump at the front: that is the front point.</source>
            <translation>وضع اليدين على الوركين، وتتبّع حافة العظم بالأصابع إلى الأمام حتى تنتهي بنتوء صغير: هذه هي النقطة الأمامية.</translation>
        </message>
        <message>
            <source>Slide your thumbs to the back, to the two dimples just above the buttocks. The bump under the dimple is the back point.</source>
            <translation>تحريك الإبهامين إلى الخلف نحو النقرتين فوق الأليتين مباشرة. النتوء تحت النقرة هو النقطة الخلفية.</translation>
        </message>
        <message>
            <source>On the picture, drag the front cross to where the front bump is, and the back cross to where the dimple is, on the side that faces the camera.</source>
            <translation>في الصورة: سحب العلامة الأمامية إلى موضع النتوء الأمامي، والعلامة الخلفية إلى موضع النقرة، على الجانب المواجه للكاميرا.</translation>
        </message>
        <message>
            <source>The points can be felt, but hardly seen. It is most exact when somebody feels for them and puts a small sticker on each before the picture is taken.</source>
            <translation>النقطتان تُحسّان باللمس ويصعب أن تُرَيا. الأدق أن يتحسسهما شخص آخر ويضع على كل منهما ملصقًا صغيرًا قبل التقاط الصورة.</translation>
        </message>
        <message>
            <source>A body from the side. The front point is the bump at the front end of the hip bone's edge; the back point lies under the dimple above the buttock, usually a little higher.</source>
            <translation>جسم من الجانب. النقطة الأمامية هي النتوء عند الطرف الأمامي لحافة عظم الورك، والنقطة الخلفية تحت النقرة فوق الألية، وهي أعلى قليلًا في العادة.</translation>
        </message>
        <message>
            <source>usual range 3 to 20° forward</source>
            <translation>المجال المعتاد 3 إلى 20° إلى الأمام</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>الميل المقدَّر للحوض</translation>
        </message>
        <message>
            <source>Angle of the belt line</source>
            <translation>زاوية خط الحزام</translation>
        </message>
        <message>
            <source>{angle}° {direction}</source>
            <translation>{angle}° {direction}</translation>
        </message>
        <message>
            <source>0°, level</source>
            <translation>0°، مستوٍ</translation>
        </message>
        <message>
            <source>{angle}° lower in front</source>
            <translation>المقدمة أخفض بمقدار {angle}°</translation>
        </message>
        <message>
            <source>{angle}° higher in front</source>
            <translation>المقدمة أعلى بمقدار {angle}°</translation>
        </message>
        <message>
            <source>likely {interval}</source>
            <translation>على الأرجح {interval}</translation>
        </message>
        <message>
            <source>Also, {method}: {value}, {likely}.</source>
            <translation>وكذلك {method}: {value}، {likely}.</translation>
        </message>
        <message>
            <source>Belt line: {value}, {likely}</source>
            <translation>خط الحزام: {value}، {likely}</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was turned by {roll}°; that is taken out.</source>
            <translation>يُظهر خط الشاقول أن الكاميرا كانت مدارة بمقدار {roll}°، وقد صُحّح ذلك.</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was level.</source>
            <translation>يُظهر خط الشاقول أن الكاميرا كانت مستوية.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. To be sure, lay the plumb line under “Mark the bony points yourself” on a door frame.</source>
            <translation>إن كانت الكاميرا مائلة، فالزاوية خاطئة بالقدر نفسه. للتأكد: وضع خط الشاقول، ضمن «تعليم نقطتي العظم يدويًّا»، على إطار باب.</translation>
        </message>
        <message>
            <source>How far is your pelvis tilted?</source>
            <translation>كم يميل الحوض؟</translation>
        </message>
        <message>
            <source>Stand side-on to the camera in clothes that fit closely, your fists on your collar-bones.</source>
            <translation>الوقوف من الجانب أمام الكاميرا بملابس ملاصقة للجسم، والقبضتان على الترقوتين.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out. Have the picture taken from about three metres away, at the height of your hips.</source>
            <translation>خمس خطوات في المكان، ثم الوقوف باسترخاء والنظر إلى الأمام وإخراج الزفير. تُلتقط الصورة على بعد نحو ثلاثة أمتار وعلى ارتفاع الوركين.</translation>
        </message>
        <message>
            <source>Open the photograph, drop it on this page or paste it. It stays on this computer.</source>
            <translation>فتح الصورة أو إفلاتها على هذه الصفحة أو لصقها. وهي تبقى على هذا الحاسوب.</translation>
        </message>
        <message>
            <source>Drawing</source>
            <translation>رسم</translation>
        </message>
        <message>
            <source>The camera stands beside the person, at the height of the hips and three metres away. The picture shows the person from the side, from head to feet, fists on the collar-bones.</source>
            <translation>الكاميرا بجانب الشخص على ارتفاع الوركين وعلى بعد ثلاثة أمتار. تُظهر الصورة الشخص من الجانب، من الرأس إلى القدمين، والقبضتان على الترقوتين.</translation>
        </message>
        <message>
            <source>On the left, what was wrong with the picture. On the right, how it should be: one person from the side, upright, from head to feet.</source>
            <translation>على اليسار ما كان خطأ في الصورة، وعلى اليمين كيف ينبغي أن تكون: شخص واحد من الجانب، منتصب، من الرأس إلى القدمين.</translation>
        </message>
        <message>
            <source>Three metres away, side-on, whole body in the picture, fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>على بعد ثلاثة أمتار، من الجانب، والجسم كله في الصورة، والقبضتان على الترقوتين. خمس خطوات في المكان، ثم الوقوف باسترخاء والنظر إلى الأمام وإخراج الزفير.</translation>
        </message>
        <message>
            <source>Drag each of the two points to where you feel the bone under the skin. The arrow keys move the chosen point by a little. Add the plumb line if something upright is in the picture.</source>
            <translation>سحب كل من النقطتين إلى حيث يُحسّ العظم تحت الجلد. مفاتيح الأسهم تحرّك النقطة المختارة قليلًا. يُضاف خط الشاقول إن كان في الصورة شيء عمودي.</translation>
        </message>
        <message>
            <source>Drag the two ends of the line onto something that is upright in reality, such as a door frame or the edge of a wall, as far apart as you can. It shows how far the camera was turned.</source>
            <translation>سحب طرفي الخط إلى شيء عمودي في الواقع، مثل إطار باب أو حافة جدار، متباعدين قدر الإمكان. يُظهر ذلك مقدار دوران الكاميرا.</translation>
        </message>
        <message>
            <source>This is a link to the web, not a photograph.</source>
            <translation>هذا رابط إلى الويب، وليس صورة.</translation>
        </message>
        <message>
            <source>Save the picture on this computer first, then open it here.</source>
            <translation>يُرجى حفظ الصورة على هذا الحاسوب أولًا، ثم فتحها هنا.</translation>
        </message>
        <message>
            <source>This is not a photograph.</source>
            <translation>هذه ليست صورة.</translation>
        </message>
        <message>
            <source>Drop a picture file here, for example a JPEG.</source>
            <translation>يُرجى إفلات ملف صورة هنا، مثل ملف JPEG.</translation>
        </message>
        <message>
            <source>There is no picture to paste.</source>
            <translation>لا توجد صورة للصقها.</translation>
        </message>
        <message>
            <source>Copy a photograph or its file first, then paste it here.</source>
            <translation>يُرجى نسخ صورة أو ملفها أولًا، ثم اللصق هنا.</translation>
        </message>
        <message>
            <source>One photograph at a time: the first of {count} was opened.</source>
            <translation>صورة واحدة في كل مرة: فُتحت الأولى من {count}.</translation>
        </message>
        <message>
            <source>The hips cannot be seen well enough to place the points.</source>
            <translation>الوركان غير واضحين بما يكفي لوضع النقطتين.</translation>
        </message>
        <message>
            <source>Take a picture in which the whole body shows.</source>
            <translation>يُرجى التقاط صورة يظهر فيها الجسم كله.</translation>
        </message>
        <message>
            <source>{name}: {message} {fix}</source>
            <translation>‏{name}: {message} {fix}</translation>
        </message>
        <message>
            <source>Nothing was moved, so this is still the automatic measurement.</source>
            <translation>لم يتحرك شيء، لذا يبقى القياس التلقائي.</translation>
        </message>
        <message>
            <source>This is a computer-made person. The sample is not saved; open a photograph of your own to begin a history.</source>
            <translation>هذا شخص مُنشأ بالحاسوب. لا يُحفظ المثال، ولبدء السجل يُرجى فتح صورة خاصة بكم.</translation>
        </message>
        <message>
            <source>This check could not be saved.</source>
            <translation>تعذر حفظ هذا القياس.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>تُرجى المحاولة مجددًا. إن تكرر التعذر، فيُرجى إغلاق Beltline وفتحه من جديد.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>تعطل Beltline نفسه عند هذه الصورة.</translation>
        </message>
        <message>
            <source>Try another picture, and please report what happened.</source>
            <translation>تُرجى تجربة صورة أخرى والإبلاغ عما حدث.</translation>
        </message>
        <message>
            <source>Exercises and self-check</source>
            <translation>التمارين والفحص الذاتي</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>التذكير بالاستراحة</translation>
        </message>
        <message>
            <source>Live check</source>
            <translation>القياس المباشر</translation>
        </message>
        <message>
            <source>How to prepare</source>
            <translation>كيفية الاستعداد</translation>
        </message>
        <message>
            <source>Fists on the collar-bones</source>
            <translation>القبضتان على الترقوتين</translation>
        </message>
        <message>
            <source>Hanging down</source>
            <translation>متدليتان</translation>
        </message>
        <message>
            <source>Crossed on the chest</source>
            <translation>متقاطعتان على الصدر</translation>
        </message>
        <message>
            <source>Stretched forward</source>
            <translation>ممدودتان إلى الأمام</translation>
        </message>
    </context>
    <context>
        <name>app.text.doctor</name>
        <message>
            <source>All models are there and undamaged.</source>
            <translation>كل النماذج موجودة وسليمة.</translation>
        </message>
        <message>
            <source>The sample picture was measured: {tilt}.</source>
            <translation>قيست صورة المثال: {tilt}.</translation>
        </message>
        <message>
            <source>The sample picture could not be measured.</source>
            <translation>تعذر قياس صورة المثال.</translation>
        </message>
        <message>
            <source>Install Beltline again.</source>
            <translation>يُرجى تثبيت Beltline من جديد.</translation>
        </message>
        <message>
            <source>A window can be opened.</source>
            <translation>يمكن فتح نافذة.</translation>
        </message>
        <message>
            <source>Found: {names}.</source>
            <translation>وُجد: {names}.</translation>
        </message>
        <message>
            <source>No camera was found.</source>
            <translation>لم يُعثر على كاميرا.</translation>
        </message>
        <message>
            <source>Photographs can be measured all the same; else connect a camera.</source>
            <translation>يمكن قياس الصور مع ذلك. وللقياس بالكاميرا يُرجى توصيل واحدة.</translation>
        </message>
        <message>
            <source>Another program looks through a camera just now; close it if yours stays black.</source>
            <translation>يستخدم برنامج آخر كاميرا الآن. يُرجى إغلاقه إن بقيت صورة كاميرتكم سوداء.</translation>
        </message>
        <message>
            <source>There is a camera, but you are not allowed to use it.</source>
            <translation>توجد كاميرا، لكن لا صلاحية لديكم لاستخدامها.</translation>
        </message>
        <message>
            <source>Give yourself the right with this command, then log out and in again: {command}</source>
            <translation>يُرجى منح الصلاحية بهذا الأمر، ثم تسجيل الخروج والدخول من جديد: ‎{command}</translation>
        </message>
        <message>
            <source>This computer can speak, so the live check tells you what to do.</source>
            <translation>يستطيع هذا الحاسوب النطق، لذا يُعلن القياس المباشر بالصوت ما ينبغي فعله.</translation>
        </message>
        <message>
            <source>This computer has no voice for your language; tones and large words stand in for it.</source>
            <translation>لا صوت ناطقًا بلغتكم على هذا الحاسوب، وتحل محله نغمات وكلمات كبيرة.</translation>
        </message>
        <message>
            <source>Install one, on Debian or Ubuntu with: {command}</source>
            <translation>يُرجى تثبيت صوت ناطق، وأمر ذلك في Debian أو Ubuntu: ‎{command}</translation>
        </message>
        <message>
            <source>sudo apt install speech-dispatcher-espeak-ng</source>
            <translation>sudo apt install speech-dispatcher-espeak-ng</translation>
        </message>
        <message>
            <source>Every letter of your language can be shown and printed.</source>
            <translation>يمكن عرض كل حروف لغتكم وطباعتها.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters of your language: {letters}</source>
            <translation>لا يوجد على هذا الحاسوب خط طباعي يحوي هذه الحروف من لغتكم: {letters}</translation>
        </message>
        <message>
            <source>Install a font for them, such as one of Google's Noto fonts, and look again.</source>
            <translation>يُرجى تثبيت خط يحويها، مثل أحد خطوط Noto من Google، ثم إعادة الفحص.</translation>
        </message>
        <message>
            <source>A camera's password is kept safely, in this computer's keyring.</source>
            <translation>تُحفظ كلمة مرور الكاميرا بأمان في حلقة مفاتيح هذا الحاسوب.</translation>
        </message>
        <message>
            <source>There is no keyring, so a camera's password is kept nowhere.</source>
            <translation>لا توجد حلقة مفاتيح، لذا لا تُحفظ كلمة مرور الكاميرا في أي مكان.</translation>
        </message>
        <message>
            <source>Type it each time, or install GNOME Keyring or KWallet.</source>
            <translation>تُرجى كتابتها كل مرة، أو تثبيت GNOME Keyring أو KWallet.</translation>
        </message>
        <message>
            <source>Checks kept: {count}, in {where}.</source>
            <translation>القياسات المحفوظة: {count}، في {where}.</translation>
        </message>
        <message>
            <source>the database that BELTLINE_DATABASE_URL names</source>
            <translation>قاعدة البيانات التي يحددها BELTLINE_DATABASE_URL</translation>
        </message>
        <message>
            <source>Nothing is kept yet; it will be in {folder}.</source>
            <translation>لم يُحفظ شيء بعد، وسيكون في ‎{folder}.</translation>
        </message>
        <message>
            <source>Nothing can be kept in {folder}: that place cannot be written to.</source>
            <translation>لا يمكن حفظ شيء في ‎{folder}: لا تمكن الكتابة في ذلك المكان.</translation>
        </message>
        <message>
            <source>Make the folder yours to write to.</source>
            <translation>يُرجى منح صلاحية الكتابة في المجلد.</translation>
        </message>
        <message>
            <source>Saved in {path}: {checks}, {tests} and {entries}.</source>
            <translation>حُفظ في ‎{path}: {checks} و{tests} و{entries}.</translation>
        </message>
        <message>
            <source>What could be read is in use now: {checks}, {tests} and {entries}.</source>
            <translation>ما أمكنت قراءته مستخدم الآن: {checks} و{tests} و{entries}.</translation>
        </message>
        <message>
            <source>{count} of these come from copies of earlier days.</source>
            <translation>عدد ما جاء منها من نسخ أيام سابقة: {count}.</translation>
        </message>
        <message>
            <source>Lost: {what}.</source>
            <translation>ضاع: {what}.</translation>
        </message>
        <message>
            <source>check {number} of {when}, {angle}</source>
            <translation>القياس {number} من {when}، {angle}</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>و{count} غيرها</translation>
        </message>
        <message>
            <source>Nothing was lost of which there is any trace.</source>
            <translation>لم يضع شيء له أي أثر.</translation>
        </message>
        <message>
            <source>To go on with it: beltline history use-copy '{path}'</source>
            <translation>للمتابعة به: beltline history use-copy '{path}'</translation>
        </message>
        <message>
            <source>{day}  {size} MB{flaws}</source>
            <translation>{day}  {size} ميغابايت{flaws}</translation>
        </message>
        <message>
            <source>  some of it cannot be read</source>
            <translation>  تعذرت قراءة جزء منها</translation>
        </message>
        <message>
            <source>There is no copy yet: one is made on each day on which something new is kept.</source>
            <translation>لا توجد نسخة بعد: تُنشأ نسخة في كل يوم يُحفظ فيه شيء جديد.</translation>
        </message>
        <message>
            <source>Put it in the place of the history as it is now? That is kept beside it.</source>
            <translation>هل توضع مكان السجل الحالي؟ سيُحتفظ به إلى جانبها.</translation>
        </message>
        <message>
            <source>Everything was left as it is.</source>
            <translation>بقي كل شيء كما هو.</translation>
        </message>
        <message>
            <source>The history is now the one of {path}.</source>
            <translation>صار السجل الآن هو سجل ‎{path}.</translation>
        </message>
        <message>
            <source>The one before was kept: {path}</source>
            <translation>احتُفظ بالسجل السابق: ‎{path}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>لا قياسات</numerusform>
                <numerusform>قياس واحد</numerusform>
                <numerusform>قياسان</numerusform>
                <numerusform>{count} قياسات</numerusform>
                <numerusform>{count} قياسًا</numerusform>
                <numerusform>{count} قياس</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>parts of {count} checks</source>
            <translation>
                <numerusform>لا أجزاء من قياسات</numerusform>
                <numerusform>أجزاء من قياس واحد</numerusform>
                <numerusform>أجزاء من قياسين</numerusform>
                <numerusform>أجزاء من {count} قياسات</numerusform>
                <numerusform>أجزاء من {count} قياسًا</numerusform>
                <numerusform>أجزاء من {count} قياس</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>لا اختبارات شدّ</numerusform>
                <numerusform>اختبار شدّ واحد</numerusform>
                <numerusform>اختبارا شدّ</numerusform>
                <numerusform>{count} اختبارات شدّ</numerusform>
                <numerusform>{count} اختبار شدّ</numerusform>
                <numerusform>{count} اختبار شدّ</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} diary entries</source>
            <translation>
                <numerusform>لا مدخلات يوميات</numerusform>
                <numerusform>مدخلة يوميات واحدة</numerusform>
                <numerusform>مدخلتا يوميات</numerusform>
                <numerusform>{count} مدخلات يوميات</numerusform>
                <numerusform>{count} مدخلة يوميات</numerusform>
                <numerusform>{count} مدخلة يوميات</numerusform>
            </translation>
        </message>
        <message>
            <source>in order</source>
            <translation>سليم</translation>
        </message>
        <message>
            <source>not there</source>
            <translation>غير موجود</translation>
        </message>
        <message>
            <source>not working</source>
            <translation>لا يعمل</translation>
        </message>
        <message>
            <source>What works here</source>
            <translation>حالة البرنامج</translation>
        </message>
        <message>
            <source>Each part of Beltline is looked at. Nothing is changed, and nothing is sent anywhere.</source>
            <translation>يُفحص كل جزء من Beltline. لا يُغيَّر شيء، ولا يُرسل شيء إلى أي مكان.</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>النماذج</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>جارٍ القياس</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>الكاميرا</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>صوت ناطق</translation>
        </message>
        <message>
            <source>Letters</source>
            <translation>الحروف</translation>
        </message>
        <message>
            <source>Passwords</source>
            <translation>كلمات المرور</translation>
        </message>
        <message>
            <source>History</source>
            <translation>السجل</translation>
        </message>
        <message>
            <source>Looking…</source>
            <translation>جارٍ الفحص…</translation>
        </message>
        <message>
            <source>In order.</source>
            <translation>سليم.</translation>
        </message>
        <message>
            <source>Not there.</source>
            <translation>غير موجود.</translation>
        </message>
        <message>
            <source>Not working.</source>
            <translation>لا يعمل.</translation>
        </message>
        <message>
            <source>Look again</source>
            <translation>إعادة الفحص</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>Copy all</source>
            <translation>نسخ الكل</translation>
        </message>
        <message>
            <source>To paste it into a letter to somebody who helps you</source>
            <translation>للصقه في رسالة إلى من يساعدكم</translation>
        </message>
        <message>
            <source>Say something</source>
            <translation>تجربة الصوت</translation>
        </message>
        <message>
            <source>This is how Beltline speaks to you.</source>
            <translation>هكذا يخاطبكم Beltline.</translation>
        </message>
        <message>
            <source>Try the camera</source>
            <translation>تجربة الكاميرا</translation>
        </message>
        <message>
            <source>Copy the command</source>
            <translation>نسخ الأمر</translation>
        </message>
        <message>
            <source>Earlier copies…</source>
            <translation>نسخ سابقة…</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.sheet</name>
        <message>
            <source>How to stand for the picture</source>
            <translation>طريقة الوقوف للصورة</translation>
        </message>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted.</source>
            <translation>يقيس Beltline من صورة جانبية مقدار ميل الحوض.</translation>
        </message>
        <message>
            <source>The picture</source>
            <translation>الصورة</translation>
        </message>
        <message>
            <source>The camera</source>
            <translation>الكاميرا</translation>
        </message>
        <message>
            <source>At the height of your hips, on something that stands firmly.</source>
            <translation>على ارتفاع الوركين، فوق شيء ثابت.</translation>
        </message>
        <message>
            <source>Level: not tipped forward or back, not turned to one side.</source>
            <translation>مستوية: غير مائلة إلى الأمام أو الخلف، وغير مدارة إلى أحد الجانبين.</translation>
        </message>
        <message>
            <source>Three metres away, so that you are in the picture from head to feet.</source>
            <translation>على بعد ثلاثة أمتار، ليظهر الجسم كله من الرأس إلى القدمين.</translation>
        </message>
        <message>
            <source>Light from the side of the camera, no bright window behind you.</source>
            <translation>الضوء من جهة الكاميرا، ولا نافذة مضيئة خلف الجسم.</translation>
        </message>
        <message>
            <source>Nobody else in the picture; a door frame or the edge of a wall in it helps.</source>
            <translation>لا أحد غيركم في الصورة، ويفيد أن يظهر فيها إطار باب أو حافة جدار.</translation>
        </message>
        <message>
            <source>You</source>
            <translation>الشخص</translation>
        </message>
        <message>
            <source>Side-on: the shoulder, hip and foot near the camera hide those on the far side.</source>
            <translation>من الجانب: الكتف والورك والقدم القريبة من الكاميرا تحجب ما في الجهة البعيدة.</translation>
        </message>
        <message>
            <source>Clothes that fit closely, the top tucked in, no coat, no bag. Bare feet or flat shoes.</source>
            <translation>ملابس ملاصقة للجسم، والقميص داخل السروال، من دون معطف أو حقيبة. القدمان حافيتان أو بحذاء مسطح.</translation>
        </message>
        <message>
            <source>Fists on your collar-bones, so that your arms do not hide your hips.</source>
            <translation>القبضتان على الترقوتين، كي لا تحجب الذراعان الوركين.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>خمس خطوات في المكان، ثم الوقوف باسترخاء والنظر إلى الأمام وإخراج الزفير.</translation>
        </message>
        <message>
            <source>To see a change later: the same clothes, the same arms, the same place.</source>
            <translation>لرؤية أي تغيّر لاحقًا: الملابس نفسها، ووضع الذراعين نفسه، والمكان نفسه.</translation>
        </message>
        <message>
            <source>What is measured</source>
            <translation>ما الذي يُقاس</translation>
        </message>
        <message>
            <source>The angle between level and the line from the dimple at the back of the hip to the bony bump at its front, seen from the side. Forward means that the front is lower. It comes with a likely range, meant to hold the true angle in 9 of 10 cases.</source>
            <translation>الزاوية بين الخط الأفقي والخط الممتد من النقرة الخلفية عند الورك إلى النتوء العظمي الأمامي، منظورًا من الجانب. «إلى الأمام» يعني أن الجهة الأمامية أخفض. ومع الزاوية مجال مرجّح، يُراد له أن يشمل الزاوية الحقيقية في 9 من 10 حالات.</translation>
        </message>
        <message>
            <source>What it may mean</source>
            <translation>ما قد يعنيه ذلك</translation>
        </message>
        <message>
            <source>Most healthy young adults stand tilted forward: 85 % of men, 75 % of women. The shape of the bones alone makes 0 to 23°. Most people without pain stand between 3 and 20° forward; no line between healthy and unhealthy has been shown to hold.</source>
            <translation>معظم الشباب الأصحاء يقفون بميل إلى الأمام: 85% من الرجال و75% من النساء. وشكل العظام وحده يعطي ميلًا من 0 إلى 23°. ومعظم من لا يشكون ألمًا يقفون بميل بين 3 و20° إلى الأمام، ولم يثبت أي حد يفصل بين السليم وغير السليم.</translation>
        </message>
        <message>
            <source>Two single pictures that differ by less than 9 or 10° show no real change.</source>
            <translation>الفرق الذي يقل عن 9 أو 10° بين صورتين منفردتين لا يُظهر تغيّرًا حقيقيًّا.</translation>
        </message>
        <message>
            <source>Some physiotherapists read a forward belt line as a sign that the muscles of the buttocks do not switch on reliably, usually after much sitting. That is an observation from practice: no study shows that the tilt proves weak muscles or explains pain.</source>
            <translation>يرى بعض اختصاصيي العلاج الطبيعي في ميل خط الحزام إلى الأمام علامة على أن عضلات الأليتين لا تنشط على نحو يُعتمد عليه، وذلك عادةً بعد جلوس كثير. هذه ملاحظة من الممارسة: لا دراسة تُظهر أن الميل يثبت ضعف العضلات أو يفسّر الألم.</translation>
        </message>
        <message>
            <source>Herrington 2011 (n = 120); Preece 2008; Laird 2014.</source>
            <translation>‏Herrington 2011 (العدد 120)؛ Preece 2008؛ Laird 2014.</translation>
        </message>
        <message>
            <source>The picture stays on the computer that measures it.</source>
            <translation>تبقى الصورة على الحاسوب الذي يقيسها.</translation>
        </message>
        <message>
            <source>Print how to stand…</source>
            <translation>طباعة طريقة الوقوف…</translation>
        </message>
        <message>
            <source>One page with drawings, for the wall beside the camera</source>
            <translation>صفحة واحدة برسوم، تُعلَّق على الجدار بجانب الكاميرا</translation>
        </message>
        <message>
            <source>One page with drawings: where the camera goes, how to stand, what is measured.</source>
            <translation>صفحة واحدة برسوم: موضع الكاميرا، وطريقة الوقوف، وما الذي يُقاس.</translation>
        </message>
        <message>
            <source>Paper</source>
            <translation>الورق</translation>
        </message>
        <message>
            <source>US Letter</source>
            <translation>US Letter</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>حفظ بصيغة PDF…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Save the page</source>
            <translation>حفظ الصفحة</translation>
        </message>
        <message>
            <source>PDF (*.pdf)</source>
            <translation>PDF (*.pdf)</translation>
        </message>
        <message>
            <source>how to stand.pdf</source>
            <translation>tariqat-alwuquf.pdf</translation>
        </message>
        <message>
            <source>The page is saved in {path}.</source>
            <translation>حُفظت الصفحة في ‎{path}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.tour</name>
        <message>
            <source>The pages</source>
            <translation>الصفحات</translation>
        </message>
        <message>
            <source>A button for each page of Beltline; Ctrl with its number does the same. At the foot you see whose turn it is.</source>
            <translation>زر لكل صفحة من Beltline، ويؤدي Ctrl مع رقمها العمل نفسه. وفي الأسفل يظهر صاحب الدور.</translation>
        </message>
        <message>
            <source>How to stand</source>
            <translation>طريقة الوقوف</translation>
        </message>
        <message>
            <source>Side-on to the camera, three metres away, the camera as high as your hips, fists on your collar-bones. Everything else follows from a good picture.</source>
            <translation>الوقوف من الجانب أمام الكاميرا، على بعد ثلاثة أمتار، والكاميرا على ارتفاع الوركين، والقبضتان على الترقوتين. كل ما عدا ذلك يأتي من صورة جيدة.</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>القياس</translation>
        </message>
        <message>
            <source>Open a photograph, take one here, or let your phone send it. You get an angle, how sure it is, and what to do next. Without a picture of your own, try the sample.</source>
            <translation>فتح صورة، أو التقاط صورة هنا، أو إرسالها من الهاتف. النتيجة زاوية، ومدى الثقة بها، والخطوة التالية. ومن دون صورة خاصة يمكن تجربة المثال.</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>مباشر</translation>
        </message>
        <message>
            <source>Here the camera watches while you turn and stand, tells you aloud what to change, and measures by itself once you stand well.</source>
            <translation>هنا تراقب الكاميرا أثناء الدوران والوقوف، ويُعلَن بالصوت ما ينبغي تغييره، ويجري القياس تلقائيًّا متى صارت الوقفة جيدة.</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>التمارين</translation>
        </message>
        <message>
            <source>A short list for today, with pictures. A few questions come first, so that nothing is done that could hurt.</source>
            <translation>قائمة قصيرة لليوم مع صور. تسبقها بضعة أسئلة، كي لا يُؤدّى ما قد يؤلم.</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>تقليل الجلوس</translation>
        </message>
        <message>
            <source>A reminder to get up now and then. It waits while you are in a call or show something, and is off until you switch it on.</source>
            <translation>تذكير بالنهوض من حين إلى آخر. ينتظر أثناء المكالمات والعروض، وهو متوقف إلى أن تشغّلوه.</translation>
        </message>
        <message>
            <source>History</source>
            <translation>السجل</translation>
        </message>
        <message>
            <source>What you saved, and how it changes. It tells a real change from chance, and makes a report to bring to a physiotherapist.</source>
            <translation>ما حُفظ من قياسات وكيف يتغيّر. يميّز السجل التغيّر الحقيقي من المصادفة، ويُنشئ تقريرًا لاختصاصي العلاج الطبيعي.</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>المساعدة</translation>
        </message>
        <message>
            <source>This tour, the first questions, a look at what works here and a page to print are all here, and under F1.</source>
            <translation>هذه الجولة، والأسئلة الأولى، وحالة البرنامج، وصفحة للطباعة: كلها هنا، وبالمفتاح F1 أيضًا.</translation>
        </message>
        <message>
            <source>{n} of {count}</source>
            <translation>{n} من {count}</translation>
        </message>
        <message>
            <source>Tour</source>
            <translation>جولة</translation>
        </message>
        <message>
            <source>Leave</source>
            <translation>إنهاء</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>رجوع</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>التالي</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>انتهى</translation>
        </message>
        <message>
            <source>Leave the tour (Esc); it can be taken again from Settings</source>
            <translation>إنهاء الجولة (Esc)، ويمكن بدؤها مجددًا من الإعدادات</translation>
        </message>
        <message>
            <source>Tour…</source>
            <translation>جولة…</translation>
        </message>
        <message>
            <source>Two minutes through the window; leave it whenever you like</source>
            <translation>دقيقتان في النافذة، ويمكن إنهاؤها متى شئتم</translation>
        </message>
    </context>
    <context>
        <name>app.text.history</name>
        <message>
            <source>from the outline of the body</source>
            <translation>من حدود الجسم</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>من حدود الجسم، بمعايرة هذا الشخص نفسه</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>من النتوءين العظميين المعلَّمين</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>من الملصقين</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>من خط الحزام</translation>
        </message>
        <message>
            <source>Body outline</source>
            <translation>حدود الجسم</translation>
        </message>
        <message>
            <source>Calibrated outline</source>
            <translation>حدود الجسم المعايَرة</translation>
        </message>
        <message>
            <source>Two marked points</source>
            <translation>نقطتان معلَّمتان</translation>
        </message>
        <message>
            <source>Two stickers</source>
            <translation>ملصقان</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>خط الحزام</translation>
        </message>
        <message>
            <source>fists on the collar-bones</source>
            <translation>القبضتان على الترقوتين</translation>
        </message>
        <message>
            <source>hanging</source>
            <translation>متدليتان</translation>
        </message>
        <message>
            <source>crossed</source>
            <translation>متقاطعتان</translation>
        </message>
        <message>
            <source>stretched forward</source>
            <translation>ممدودتان إلى الأمام</translation>
        </message>
        <message>
            <source>Forward tilt in degrees, backward below 0</source>
            <translation>الميل إلى الأمام بالدرجات، وإلى الخلف تحت 0</translation>
        </message>
        <message>
            <source>Belt line in degrees: front lower above 0, front higher below 0</source>
            <translation>خط الحزام بالدرجات: المقدمة أخفض فوق 0، وأعلى تحت 0</translation>
        </message>
        <message>
            <source>usual range of people without pain</source>
            <translation>المجال المعتاد لمن لا ألم لديهم</translation>
        </message>
        <message>
            <source>checked on computer-made bodies</source>
            <translation>فُحص على أجسام مُنشأة بالحاسوب</translation>
        </message>
        <message>
            <source>Bars: how far checks differ by chance. Line: all of them together.</source>
            <translation>الأعمدة: مقدار اختلاف القياسات بالمصادفة. الخط: كلها معًا.</translation>
        </message>
        <message>
            <source>No checks yet</source>
            <translation>لا توجد قياسات بعد</translation>
        </message>
        <message>
            <source>Measure a side-on photograph on the Check page and press Save. Your checks then appear here, with how they change over time.</source>
            <translation>يمكن قياس صورة من الجانب في صفحة «القياس» ثم الضغط على «حفظ». حينها تظهر القياسات هنا مع تغيّرها عبر الزمن.</translation>
        </message>
        <message>
            <source>No check matches what you chose above.</source>
            <translation>لا قياس يطابق ما اختير أعلاه.</translation>
        </message>
        <message>
            <source>Choose something else, or show all checks again.</source>
            <translation>يُرجى اختيار شيء آخر، أو عرض كل القياسات مجددًا.</translation>
        </message>
        <message>
            <source>Since {day}: {change}</source>
            <translation>منذ {day}: {change}</translation>
        </message>
        <message>
            <source>Newest, {when}: {angle}.</source>
            <translation>الأحدث، {when}: {angle}.</translation>
        </message>
        <message>
            <source>A second check, taken the same way and in the same clothes, shows whether it changes.</source>
            <translation>قياس ثانٍ بالطريقة نفسها والملابس نفسها يبيّن هل يتغيّر شيء.</translation>
        </message>
        <message>
            <source>No earlier check was measured the same way, so there is nothing to compare it with.</source>
            <translation>لم يُجرَ قياس سابق بالطريقة نفسها، فلا شيء للمقارنة.</translation>
        </message>
        <message>
            <source>no real change.</source>
            <translation>لا تغيّر حقيقيًّا.</translation>
        </message>
        <message>
            <source>Since {when}, {angle}, {why}: {change}</source>
            <translation>منذ {when}، {angle}، {why}: {change}</translation>
        </message>
        <message>
            <source>the last with the same clothes and arms</source>
            <translation>آخر قياس بالملابس نفسها ووضع الذراعين نفسه</translation>
        </message>
        <message>
            <source>the one before it</source>
            <translation>القياس الذي قبله</translation>
        </message>
        <message>
            <source>{change} ({smallest}° or more is one).</source>
            <translation>{change} (التغيّر حقيقي عند {smallest}° أو أكثر).</translation>
        </message>
        <message>
            <source>no real change ({apart} apart; a real one is {smallest}° or more).</source>
            <translation>لا تغيّر حقيقيًّا (الفرق {apart}، والحقيقي {smallest}° أو أكثر).</translation>
        </message>
        <message>
            <source>The forward tilt fell by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>انخفض الميل إلى الأمام بنحو {change}° من {first} إلى {last} (على الأرجح {low} إلى {high}°).</translation>
        </message>
        <message>
            <source>The forward tilt rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>ازداد الميل إلى الأمام بنحو {change}° من {first} إلى {last} (على الأرجح {low} إلى {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>ارتفعت مقدمة خط الحزام بنحو {change}° من {first} إلى {last} (على الأرجح {low} إلى {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line sank by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>انخفضت مقدمة خط الحزام بنحو {change}° من {first} إلى {last} (على الأرجح {low} إلى {high}°).</translation>
        </message>
        <message>
            <source>No real change from {first} to {last}: if there is one, it is less than {most}°.</source>
            <translation>لا تغيّر حقيقيًّا من {first} إلى {last}: إن وُجد فهو أقل من {most}°.</translation>
        </message>
        <message>
            <source>All {count} checks say this together.</source>
            <translation>هذا ما تقوله القياسات كلها معًا، وعددها {count}.</translation>
        </message>
        <message>
            <source>{count} of {total} checks say this together. The others were taken in other ways, too seldom to show a change.</source>
            <translation>هذا ما تقوله معًا قياسات عددها {count} من {total}. أما الباقي فأُجري بطرق أخرى، ومرات أقل من أن تُظهر تغيّرًا.</translation>
        </message>
        <message>
            <source>About {count} more checks like these would show a change of {change}°.</source>
            <translation>لإظهار تغيّر قدره {change}° يلزم مزيد من قياسات كهذه، نحو {count}.</translation>
        </message>
        <message>
            <source>{difference}° further forward, a real change.</source>
            <translation>أكثر ميلًا إلى الأمام بمقدار {difference}°، تغيّر حقيقي.</translation>
        </message>
        <message>
            <source>{difference}° further backward, a real change.</source>
            <translation>أكثر ميلًا إلى الخلف بمقدار {difference}°، تغيّر حقيقي.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° lower, a real change.</source>
            <translation>مقدمة خط الحزام أخفض بمقدار {difference}°، تغيّر حقيقي.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° higher, a real change.</source>
            <translation>مقدمة خط الحزام أعلى بمقدار {difference}°، تغيّر حقيقي.</translation>
        </message>
        <message>
            <source>The two are the same in whole degrees.</source>
            <translation>القياسان متساويان بعد التقريب إلى درجات كاملة.</translation>
        </message>
        <message>
            <source>The two are {difference}° apart.</source>
            <translation>الفرق بين القياسين {difference}°.</translation>
        </message>
        <message>
            <source>just under {smallest}</source>
            <translation>أقل بقليل من {smallest}</translation>
        </message>
        <message>
            <source>Between these two single pictures, less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>بين هاتين الصورتين المفردتين، أقل من {smallest}° ليس تغيّرًا حقيقيًّا: قد ينشأ هذا القدر من القياس مرتين ومن الوقوف في يوم آخر.</translation>
        </message>
        <message>
            <source>Less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day. Five repeats taken alike each time find your own limit.</source>
            <translation>أقل من {smallest}° ليس تغيّرًا حقيقيًّا: قد ينشأ هذا القدر من القياس مرتين ومن الوقوف في يوم آخر. خمس إعادات متشابهة كل مرة تكشف الحد الخاص بكم.</translation>
        </message>
        <message>
            <source>By their repeats, less than {smallest}° is no real change, if clothes, arms and camera were the same.</source>
            <translation>بحسب إعاداتهما، أقل من {smallest}° ليس تغيّرًا حقيقيًّا، إن كانت الملابس ووضع الذراعين والكاميرا كما هي.</translation>
        </message>
        <message>
            <source>These two were measured in different ways ({first}; {second}). The ways can differ by themselves, so no difference is given.</source>
            <translation>قيس هذان بطريقتين مختلفتين ({first}؛ {second}). قد تختلف الطريقتان في ذاتهما، لذا لا يُذكر فرق.</translation>
        </message>
        <message>
            <source>A belt line can only be compared in the same clothes, so no difference is given.</source>
            <translation>لا يمكن مقارنة خط الحزام إلا بالملابس نفسها، لذا لا يُذكر فرق.</translation>
        </message>
        <message>
            <source>The clothes differ ({first}; {second}), which can shift the number.</source>
            <translation>الملابس مختلفة ({first}؛ {second})، وهذا قد يغيّر الرقم.</translation>
        </message>
        <message>
            <source>The arms differ ({first}; {second}), which can shift the number.</source>
            <translation>وضع الذراعين مختلف ({first}؛ {second})، وهذا قد يغيّر الرقم.</translation>
        </message>
        <message>
            <source>Clothes and arms were not the same, which can shift the number.</source>
            <translation>الملابس ووضع الذراعين لم تكن كما هي، وهذا قد يغيّر الرقم.</translation>
        </message>
        <message>
            <source>The clothes were not the same, which can shift the number.</source>
            <translation>الملابس لم تكن كما هي، وهذا قد يغيّر الرقم.</translation>
        </message>
        <message>
            <source>The arms were not in the same place, which can shift the number.</source>
            <translation>الذراعان لم تكونا في الموضع نفسه، وهذا قد يغيّر الرقم.</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>لم يُذكر</translation>
        </message>
        <message>
            <source>{name}, {count} repeats</source>
            <translation>‏{name}، الإعادات: {count}</translation>
        </message>
        <message>
            <source>middle of {count} repeats</source>
            <translation>الأوسط من الإعادات ({count})</translation>
        </message>
        <message>
            <source>Middle (median) of {count} repeats, spread {spread}</source>
            <translation>الأوسط (الوسيط) من الإعادات ({count})، التشتت {spread}</translation>
        </message>
        <message>
            <source>One stance, measured for some seconds</source>
            <translation>وقفة واحدة قيست لبضع ثوانٍ</translation>
        </message>
        <message>
            <source>One by one: {angles}</source>
            <translation>كل منها على حدة: {angles}</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>أقل من 1°</translation>
        </message>
        <message>
            <source>Only the numbers of this check were kept, no picture.</source>
            <translation>لم يُحفظ من هذا القياس إلا الأرقام، من دون صورة.</translation>
        </message>
        <message>
            <source>The picture of this check is no longer where it was kept. The numbers are still here; if you have the photograph, check it again to see it.</source>
            <translation>صورة هذا القياس لم تعد في مكان حفظها. الأرقام ما زالت هنا، وإن كانت الصورة متوفرة فيمكن قياسها مجددًا لعرضها.</translation>
        </message>
        <message>
            <source>The two pictures cannot be laid over each other: ankles and shoulders have to be seen in both, and both pictures have to be kept.</source>
            <translation>لا يمكن وضع الصورتين إحداهما فوق الأخرى: يجب أن يظهر الكاحلان والكتفان في كلتيهما، وأن تكون كلتاهما محفوظة.</translation>
        </message>
        <message>
            <source>Clothes changed</source>
            <translation>عُدّلت الملابس</translation>
        </message>
        <message>
            <source>Arms changed</source>
            <translation>عُدّل وضع الذراعين</translation>
        </message>
        <message>
            <source>Note changed</source>
            <translation>عُدّلت الملاحظة</translation>
        </message>
        <message>
            <source>Date changed</source>
            <translation>عُدّل التاريخ</translation>
        </message>
        <message>
            <source>No checks are kept yet. Keep one with: beltline measure --save PHOTO</source>
            <translation>لا قياسات محفوظة بعد. لحفظ قياس: beltline measure --save PHOTO</translation>
        </message>
        <message>
            <source>No check matches.</source>
            <translation>لا قياس مطابق.</translation>
        </message>
        <message>
            <source>{profile}, measured {method}: {count}</source>
            <translation>‏{profile}، قيس {method}: {count}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>لا قياسات</numerusform>
                <numerusform>قياس واحد</numerusform>
                <numerusform>قياسان</numerusform>
                <numerusform>{count} قياسات</numerusform>
                <numerusform>{count} قياسًا</numerusform>
                <numerusform>{count} قياس</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Deleted {count} checks</source>
            <translation>
                <numerusform>لم يُحذف أي قياس</numerusform>
                <numerusform>حُذف قياس واحد</numerusform>
                <numerusform>حُذف قياسان</numerusform>
                <numerusform>حُذفت {count} قياسات</numerusform>
                <numerusform>حُذف {count} قياسًا</numerusform>
                <numerusform>حُذف {count} قياس</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} new people</source>
            <translation>
                <numerusform>لا أشخاص جدد</numerusform>
                <numerusform>شخص جديد واحد</numerusform>
                <numerusform>شخصان جديدان</numerusform>
                <numerusform>{count} أشخاص جدد</numerusform>
                <numerusform>{count} شخصًا جديدًا</numerusform>
                <numerusform>{count} شخص جديد</numerusform>
            </translation>
        </message>
        <message>
            <source>From the first to the latest: {change}</source>
            <translation>من الأول إلى الأحدث: {change}</translation>
        </message>
        <message>
            <source>A second check, taken the same way, shows whether it changes.</source>
            <translation>قياس ثانٍ بالطريقة نفسها يبيّن هل يتغيّر شيء.</translation>
        </message>
        <message>
            <source>A second test, done the same way, shows whether it changes.</source>
            <translation>اختبار ثانٍ بالطريقة نفسها يبيّن هل يتغيّر شيء.</translation>
        </message>
        <message>
            <source>Check {id} of {profile}, {when}</source>
            <translation>القياس {id} لـ {profile}، {when}</translation>
        </message>
        <message>
            <source>Worn: {garment}</source>
            <translation>الملابس: {garment}</translation>
        </message>
        <message>
            <source>Arms: {arms}</source>
            <translation>الذراعان: {arms}</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>ملاحظة: {note}</translation>
        </message>
        <message>
            <source>Picture: {path}</source>
            <translation>الصورة: ‎{path}</translation>
        </message>
        <message>
            <source>The picture is no longer where it was kept: {path}</source>
            <translation>الصورة لم تعد في مكان حفظها: ‎{path}</translation>
        </message>
        <message>
            <source>Only the numbers were kept, no picture.</source>
            <translation>حُفظت الأرقام فقط، من دون صورة.</translation>
        </message>
        <message>
            <source>These two are checks of different people, so no difference is given.</source>
            <translation>هذان قياسان لشخصين مختلفين، لذا لا يُذكر فرق.</translation>
        </message>
        <message>
            <source>Only checks that rest on the same calibration are compared.</source>
            <translation>لا تُقارن إلا القياسات التي تستند إلى المعايرة نفسها.</translation>
        </message>
        <message>
            <source>These two rest on different calibrations, which shift the number by themselves, so no difference is given.</source>
            <translation>يستند هذان إلى معايرتين مختلفتين تغيّران الرقم في ذاتهما، لذا لا يُذكر فرق.</translation>
        </message>
        <message>
            <source>A belt line is compared in the same clothes only, and these two do not say that they are, so no difference is given.</source>
            <translation>لا يُقارن خط الحزام إلا بالملابس نفسها، ولا يُذكر في هذين أنها كذلك، لذا لا يُذكر فرق.</translation>
        </message>
        <message>
            <source>Delete {count} with picture? It can be had back for {days} days</source>
            <translation>حذف {count} مع الصورة؟ تمكن الاستعادة خلال {days} يومًا</translation>
        </message>
        <message>
            <source>Delete {count} with picture for good? This cannot be undone</source>
            <translation>حذف {count} مع الصورة نهائيًّا؟ لا يمكن التراجع عن ذلك</translation>
        </message>
        <message>
            <source>{count} deleted. For {days} days it can be had back: beltline history restore {name}</source>
            <translation>حُذف: {count}. تمكن الاستعادة خلال {days} يومًا: beltline history restore {name}</translation>
        </message>
        <message>
            <source>{count} deleted for good.</source>
            <translation>حُذف نهائيًّا: {count}.</translation>
        </message>
        <message>
            <source>Back in the history: {what}.</source>
            <translation>عاد إلى السجل: {what}.</translation>
        </message>
        <message>
            <source>Nothing was deleted in the last {days} days.</source>
            <translation>لم يُحذف شيء في آخر {days} يومًا.</translation>
        </message>
        <message>
            <source>{name}  {when}  {what}</source>
            <translation>‏{name}  {when}  {what}</translation>
        </message>
        <message>
            <source>Delete all that is in the bin for good? This cannot be undone</source>
            <translation>هل يُحذف نهائيًّا كل ما في سلة المحذوفات؟ لا يمكن التراجع عن ذلك</translation>
        </message>
        <message>
            <source>The bin is empty now.</source>
            <translation>سلة المحذوفات فارغة الآن.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>لا صور</numerusform>
                <numerusform>صورة واحدة</numerusform>
                <numerusform>صورتان</numerusform>
                <numerusform>{count} صور</numerusform>
                <numerusform>{count} صورة</numerusform>
                <numerusform>{count} صورة</numerusform>
            </translation>
        </message>
        <message>
            <source>{checks} and {pictures} written to {path}</source>
            <translation>كُتب في ‎{path}: {checks} و{pictures}</translation>
        </message>
        <message>
            <source>Pictures left out, because it is not known where all heads are in them: {count}.</source>
            <translation>صور مستبعدة، لأن مواضع كل الرؤوس فيها غير معروفة: {count}.</translation>
        </message>
        <message>
            <source>{added} and {pictures} brought back; {duplicates} there already.</source>
            <translation>استُعيد: {added} و{pictures}. موجود من قبل: {duplicates}.</translation>
        </message>
        <message>
            <source>{names} with {what}</source>
            <translation>‏{names} مع {what}</translation>
        </message>
        <message>
            <source>{what} of {names}</source>
            <translation>{what} لـ {names}</translation>
        </message>
        <message>
            <source>no checks</source>
            <translation>لا قياسات</translation>
        </message>
        <message numerus="yes">
            <source>{count} notes of exercises, breaks or calibration</source>
            <translation>
                <numerusform>لا تدوينات لتمارين أو استراحات أو معايرة</numerusform>
                <numerusform>تدوين واحد لتمارين أو استراحات أو معايرة</numerusform>
                <numerusform>تدوينان لتمارين أو استراحات أو معايرة</numerusform>
                <numerusform>{count} تدوينات لتمارين أو استراحات أو معايرة</numerusform>
                <numerusform>{count} تدوينًا لتمارين أو استراحات أو معايرة</numerusform>
                <numerusform>{count} تدوين لتمارين أو استراحات أو معايرة</numerusform>
            </translation>
        </message>
        <message>
            <source>{first} and {last}</source>
            <translation>{first} و{last}</translation>
        </message>
        <message>
            <source>Nothing was deleted.</source>
            <translation>لم يُحذف شيء.</translation>
        </message>
        <message>
            <source>{count} written to {path}</source>
            <translation>كُتب في ‎{path}: {count}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}.</source>
            <translation>أضيف: {added}. موجود من قبل: {duplicates}. {profiles}.</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}</source>
            <translation>ما أضيف من تمارين واستراحات وفحوص ذاتية وإجابات ومعايرات: {count}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}, {tests}.</source>
            <translation>أضيف: {added}. موجود من قبل: {duplicates}. {profiles}، {tests}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.speaking</name>
        <message>
            <source>Some words of this language are missing, so they are in English.</source>
            <translation>بعض كلمات هذه اللغة ناقصة، لذا تظهر بالإنجليزية.</translation>
        </message>
        <message>
            <source>Something is still under way on another page, so the language changes when Beltline is opened again.</source>
            <translation>ما زال هناك عمل جارٍ في صفحة أخرى، لذا تتغيّر اللغة عند فتح Beltline في المرة القادمة.</translation>
        </message>
        <message>
            <source>There is no language '{language}'. Choose one of these: {known}.</source>
            <translation>لا توجد لغة بالرمز «{language}». يُرجى اختيار إحدى هذه اللغات: {known}.</translation>
        </message>
        <message>
            <source>The file of this language is damaged, so everything is in English.</source>
            <translation>ملف هذه اللغة تالف، لذا يظهر كل شيء بالإنجليزية.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.wording</name>
        <message>
            <source>Jan</source>
            <translation>يناير</translation>
        </message>
        <message>
            <source>Feb</source>
            <translation>فبراير</translation>
        </message>
        <message>
            <source>Mar</source>
            <translation>مارس</translation>
        </message>
        <message>
            <source>Apr</source>
            <translation>أبريل</translation>
        </message>
        <message>
            <source>May</source>
            <translation>مايو</translation>
        </message>
        <message>
            <source>Jun</source>
            <translation>يونيو</translation>
        </message>
        <message>
            <source>Jul</source>
            <translation>يوليو</translation>
        </message>
        <message>
            <source>Aug</source>
            <translation>أغسطس</translation>
        </message>
        <message>
            <source>Sep</source>
            <translation>سبتمبر</translation>
        </message>
        <message>
            <source>Oct</source>
            <translation>أكتوبر</translation>
        </message>
        <message>
            <source>Nov</source>
            <translation>نوفمبر</translation>
        </message>
        <message>
            <source>Dec</source>
            <translation>ديسمبر</translation>
        </message>
        <message>
            <source>{day} {month} {year}</source>
            <translation>{day} {month} {year}</translation>
        </message>
        <message>
            <source>{day}, {time}</source>
            <translation>{day}، {time}</translation>
        </message>
    </context>
    <context>
        <name>app.text.live</name>
        <message>
            <source>Step into the picture</source>
            <translation>الدخول في الصورة</translation>
        </message>
        <message>
            <source>Please step into the picture, side-on. March five steps on the spot, then stand relaxed, look ahead, and breathe out.</source>
            <translation>يُرجى الدخول في الصورة والوقوف من الجانب. خمس خطوات في المكان، ثم الوقوف باسترخاء والنظر إلى الأمام وإخراج الزفير.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>شخص واحد فقط</translation>
        </message>
        <message>
            <source>Only one person in the picture, please.</source>
            <translation>شخص واحد فقط في الصورة من فضلكم.</translation>
        </message>
        <message>
            <source>Step back</source>
            <translation>إلى الخلف</translation>
        </message>
        <message>
            <source>Please step back until your whole body is in the picture.</source>
            <translation>يُرجى الرجوع إلى الخلف حتى يظهر الجسم كله في الصورة.</translation>
        </message>
        <message>
            <source>Come closer</source>
            <translation>الاقتراب</translation>
        </message>
        <message>
            <source>Please come a little closer to the camera.</source>
            <translation>يُرجى الاقتراب قليلًا من الكاميرا.</translation>
        </message>
        <message>
            <source>Choose a higher resolution</source>
            <translation>اختيار دقة أعلى</translation>
        </message>
        <message>
            <source>The picture has too few pixels. Please choose a higher resolution.</source>
            <translation>دقة الصورة منخفضة جدًّا. يُرجى اختيار دقة أعلى.</translation>
        </message>
        <message>
            <source>Move to the middle</source>
            <translation>إلى الوسط</translation>
        </message>
        <message>
            <source>Please move to the middle of the picture.</source>
            <translation>يُرجى الانتقال إلى وسط الصورة.</translation>
        </message>
        <message>
            <source>Straighten your knees</source>
            <translation>فرد الركبتين</translation>
        </message>
        <message>
            <source>Please stand relaxed, with both knees straight.</source>
            <translation>يُرجى الوقوف باسترخاء مع فرد الركبتين.</translation>
        </message>
        <message>
            <source>Feet side by side</source>
            <translation>القدمان متجاورتان</translation>
        </message>
        <message>
            <source>Please stand with both feet side by side on the floor.</source>
            <translation>يُرجى الوقوف والقدمان متجاورتان على الأرض.</translation>
        </message>
        <message>
            <source>Turn side-on</source>
            <translation>الوقوف من الجانب</translation>
        </message>
        <message>
            <source>Please turn until one shoulder points at the camera.</source>
            <translation>يُرجى الدوران حتى يتجه أحد الكتفين نحو الكاميرا.</translation>
        </message>
        <message>
            <source>Turn to your left</source>
            <translation>الدوران يسارًا</translation>
        </message>
        <message>
            <source>Please turn a little more to your left.</source>
            <translation>يُرجى الدوران قليلًا إلى اليسار.</translation>
        </message>
        <message>
            <source>Turn to your right</source>
            <translation>الدوران يمينًا</translation>
        </message>
        <message>
            <source>Please turn a little more to your right.</source>
            <translation>يُرجى الدوران قليلًا إلى اليمين.</translation>
        </message>
        <message>
            <source>Fists to your collar-bones</source>
            <translation>القبضتان على الترقوتين</translation>
        </message>
        <message>
            <source>Please raise your fists to your collar-bones.</source>
            <translation>يُرجى رفع القبضتين إلى الترقوتين.</translation>
        </message>
        <message>
            <source>Set the camera level</source>
            <translation>ضبط استواء الكاميرا</translation>
        </message>
        <message>
            <source>The camera is tilted. Please set it level.</source>
            <translation>الكاميرا مائلة. يُرجى ضبطها مستوية.</translation>
        </message>
        <message>
            <source>Turn the camera upright</source>
            <translation>نصب الكاميرا قائمة</translation>
        </message>
        <message>
            <source>The picture lies on its side. Please turn the camera upright.</source>
            <translation>الصورة مائلة على جنبها. يُرجى نصب الكاميرا قائمة.</translation>
        </message>
        <message>
            <source>More light, please</source>
            <translation>إضاءة أكثر من فضلكم</translation>
        </message>
        <message>
            <source>It is too dark. Please turn on more light.</source>
            <translation>المكان مظلم جدًّا. تُرجى زيادة الإضاءة.</translation>
        </message>
        <message>
            <source>Keep the camera steady</source>
            <translation>تثبيت الكاميرا</translation>
        </message>
        <message>
            <source>The picture is blurred. Please rest the camera on something firm.</source>
            <translation>الصورة غير واضحة. يُرجى إسناد الكاميرا إلى شيء ثابت.</translation>
        </message>
        <message>
            <source>Stand relaxed and still</source>
            <translation>وقوف باسترخاء وثبات</translation>
        </message>
        <message>
            <source>Stand relaxed and still. Look ahead, and breathe out.</source>
            <translation>وقوف باسترخاء وثبات. النظر إلى الأمام وإخراج الزفير.</translation>
        </message>
        <message>
            <source>Hold still</source>
            <translation>ثبات</translation>
        </message>
        <message>
            <source>Hold still.</source>
            <translation>ثبات.</translation>
        </message>
        <message>
            <source>March five steps</source>
            <translation>خمس خطوات في المكان</translation>
        </message>
        <message>
            <source>Good. Step away, march five steps, and come back. Stand relaxed, look ahead, and breathe out.</source>
            <translation>جيد. الآن الابتعاد، وخمس خطوات في المكان، ثم العودة. وقوف باسترخاء، ونظر إلى الأمام، وإخراج الزفير.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>إرخاء</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>إرخاء.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks</source>
            <translation>شدّ الأليتين</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>شدّ.</translation>
        </message>
        <message>
            <source>Arch: stick your bottom out</source>
            <translation>تقوّس: المؤخرة إلى الخلف</translation>
        </message>
        <message>
            <source>Arch. Stick your bottom out behind you, knees straight, and hold it.</source>
            <translation>تقوّس. إبراز المؤخرة إلى الخلف، والركبتان مستقيمتان، مع الثبات.</translation>
        </message>
        <message>
            <source>Tuck: pull your bottom under</source>
            <translation>ضمّ: المؤخرة تحت الجسم</translation>
        </message>
        <message>
            <source>Tuck. Pull your bottom under you, knees straight, and hold it.</source>
            <translation>ضمّ. سحب المؤخرة تحت الجسم، والركبتان مستقيمتان، مع الثبات.</translation>
        </message>
        <message>
            <source>Relax: stand as usual</source>
            <translation>استرخاء: الوقوف المعتاد</translation>
        </message>
        <message>
            <source>Relax. Stand as you usually do.</source>
            <translation>استرخاء. وقوف كالمعتاد.</translation>
        </message>
        <message>
            <source>Other way: bottom out</source>
            <translation>العكس: المؤخرة إلى الخلف</translation>
        </message>
        <message>
            <source>That was the wrong way round. Once more: stick your bottom out behind you, and hold it.</source>
            <translation>كان ذلك بالعكس. مرة أخرى: إبراز المؤخرة إلى الخلف، مع الثبات.</translation>
        </message>
        <message>
            <source>Further: stick your bottom out</source>
            <translation>أكثر: المؤخرة إلى الخلف</translation>
        </message>
        <message>
            <source>The pelvis hardly moved. Once more: stick your bottom out as far as is comfortable, and hold it.</source>
            <translation>لم يتحرك الحوض تقريبًا. مرة أخرى: إبراز المؤخرة إلى الخلف بقدر ما يكون مريحًا، مع الثبات.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>انتهى</translation>
        </message>
        <message>
            <source>Done. Thank you.</source>
            <translation>انتهى. شكرًا لكم.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>الصورة سوداء</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>صورة الكاميرا سوداء. هل يحجبها شيء؟</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>الصورة متوقفة</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>صورة الكاميرا لم تعد تتحرك.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>لا توجد صورة</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>الكاميرا لا ترسل صورًا. يُرجى الانتظار.</translation>
        </message>
        <message>
            <source>Good, stay still</source>
            <translation>جيد، البقاء بثبات</translation>
        </message>
        <message>
            <source>Good. Stay still.</source>
            <translation>جيد. البقاء بثبات.</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>جارٍ البحث عنكم</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>ليس بعد</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>جاهز</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>جارٍ القياس</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>قيس</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>في انتظار الكاميرا</translation>
        </message>
        <message>
            <source>This computer has no safe place for the password, so the camera will ask for it again next time.</source>
            <translation>لا يوجد في هذا الحاسوب مكان آمن لكلمة المرور، لذا ستطلبها الكاميرا مجددًا في المرة القادمة.</translation>
        </message>
        <message>
            <source>Measure without touching the computer</source>
            <translation>القياس من دون لمس الحاسوب</translation>
        </message>
        <message>
            <source>Put the camera at the height of your belt, level, 2.5 to 3.5 metres from where you will stand.</source>
            <translation>وضع الكاميرا مستوية على ارتفاع الحزام، على بعد 2.5 إلى 3.5 أمتار من موضع الوقوف.</translation>
        </message>
        <message>
            <source>Wear something that fits closely. Stand side-on with your whole body in the picture and your fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>لبس شيء ملاصق للجسم. الوقوف من الجانب، والجسم كله في الصورة، والقبضتان على الترقوتين. خمس خطوات في المكان، ثم الوقوف باسترخاء والنظر إلى الأمام وإخراج الزفير.</translation>
        </message>
        <message>
            <source>Large words and a voice tell you what to do. Beltline measures when you stand still. Raise one arm high, or press any key, to stop.</source>
            <translation>كلمات كبيرة وصوت يبيّنان ما يجب فعله. يقيس Beltline عند الثبات. للإيقاف: رفع ذراع عاليًا، أو الضغط على أي مفتاح.</translation>
        </message>
        <message>
            <source>The camera is on only while this page is open. Its pictures stay on this computer.</source>
            <translation>لا تعمل الكاميرا إلا ما دامت هذه الصفحة مفتوحة، وتبقى صورها على هذا الحاسوب.</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>جارٍ البحث عن الكاميرا…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>جارٍ فتح الكاميرا…</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>متوقف مؤقتًا. الكاميرا مطفأة.</translation>
        </message>
        <message>
            <source>You were on another page, so the camera was switched off.</source>
            <translation>كانت صفحة أخرى معروضة، لذا أُطفئت الكاميرا.</translation>
        </message>
        <message>
            <source>The screen was locked, so the camera was switched off.</source>
            <translation>كانت الشاشة مقفلة، لذا أُطفئت الكاميرا.</translation>
        </message>
        <message>
            <source>Stopped. Nothing was measured, and the camera is off.</source>
            <translation>توقف. لم يُقَس شيء، والكاميرا مطفأة.</translation>
        </message>
        <message>
            <source>Stopped before the test was complete. The camera is off.</source>
            <translation>توقف قبل اكتمال الاختبار. الكاميرا مطفأة.</translation>
        </message>
        <message>
            <source>Measured so far: {taken} of {wanted}. Keep it as a check?</source>
            <translation>قيس حتى الآن: {taken} من {wanted}. هل يُحفظ كقياس؟</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures.</source>
            <translation>تعطل Beltline نفسه عند معالجة صور الكاميرا.</translation>
        </message>
        <message>
            <source>Try again, and please report what happened.</source>
            <translation>تُرجى المحاولة مجددًا والإبلاغ عما حدث.</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>متابعة</translation>
        </message>
        <message>
            <source>Start again</source>
            <translation>البدء من جديد</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>جارٍ الحفظ…</translation>
        </message>
        <message>
            <source>Saved to the history.</source>
            <translation>حُفظ في السجل.</translation>
        </message>
        <message>
            <source>Deleted this check.</source>
            <translation>حُذف هذا القياس.</translation>
        </message>
        <message>
            <source>Deleted this test.</source>
            <translation>حُذف هذا الاختبار.</translation>
        </message>
        <message>
            <source>Nothing was saved.</source>
            <translation>لم يُحفظ شيء.</translation>
        </message>
        <message>
            <source>Not kept.</source>
            <translation>لم يُحتفظ به.</translation>
        </message>
        <message>
            <source>This could not be saved.</source>
            <translation>تعذر حفظ هذا.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>تُرجى المحاولة مجددًا. إن تكرر التعذر، فيُرجى إغلاق Beltline وفتحه من جديد.</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>الميل المقدَّر للحوض</translation>
        </message>
        <message>
            <source>{taken} of {wanted}</source>
            <translation>{taken} من {wanted}</translation>
        </message>
        <message>
            <source>The middle of {count} measurements, {range} apart: {angles}.</source>
            <translation>الأوسط من القياسات ({count})، والفرق بينها {range}: {angles}.</translation>
        </message>
        <message>
            <source>The middle of {frames} pictures.</source>
            <translation>الأوسط من الصور ({frames}).</translation>
        </message>
        <message numerus="yes">
            <source>{count} degrees</source>
            <translation>
                <numerusform>صفر درجة</numerusform>
                <numerusform>درجة واحدة</numerusform>
                <numerusform>درجتين</numerusform>
                <numerusform>{count} درجات</numerusform>
                <numerusform>{count} درجة</numerusform>
                <numerusform>{count} درجة</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Measure {count} times</source>
            <translation>
                <numerusform>قياس {count} مرة</numerusform>
                <numerusform>قياس مرة واحدة</numerusform>
                <numerusform>قياس مرتين</numerusform>
                <numerusform>قياس {count} مرات</numerusform>
                <numerusform>قياس {count} مرة</numerusform>
                <numerusform>قياس {count} مرة</numerusform>
            </translation>
        </message>
        <message>
            <source>under 1°</source>
            <translation>أقل من 1°</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>كل منها على حدة: {angles}.</translation>
        </message>
        <message>
            <source>No number this time</source>
            <translation>لا رقم هذه المرة</translation>
        </message>
        <message>
            <source>Done. About {value}, {likely}. You can relax.</source>
            <translation>انتهى. نحو {value}، {likely}. يمكن الاسترخاء الآن.</translation>
        </message>
        <message>
            <source>Done. {turned}. You can relax.</source>
            <translation>انتهى. {turned}. يمكن الاسترخاء الآن.</translation>
        </message>
        <message>
            <source>Done. The measurements differ too much to give one number. Please try again.</source>
            <translation>انتهى. القياسات متباعدة كثيرًا ولا تعطي رقمًا واحدًا. تُرجى المحاولة مجددًا.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>توقف.</translation>
        </message>
        <message>
            <source>Stopped. Measured so far: {taken}.</source>
            <translation>توقف. قيس حتى الآن: {taken}.</translation>
        </message>
        <message>
            <source>Your whole body in the frame, your hips at its two marks.</source>
            <translation>الجسم كله داخل الإطار، والوركان عند علامتيه.</translation>
        </message>
        <message>
            <source>Earlier squeeze tests:</source>
            <translation>اختبارات شدّ سابقة:</translation>
        </message>
        <message>
            <source>This computer has no voice. Beltline plays tones instead.</source>
            <translation>لا صوت ناطق في هذا الحاسوب، فيُصدر Beltline نغمات بدلًا منه.</translation>
        </message>
        <message>
            <source>The camera is level.</source>
            <translation>الكاميرا مستوية.</translation>
        </message>
        <message>
            <source>The camera is turned {roll}° {side}. The number allows for that.</source>
            <translation>الكاميرا مدارة بمقدار {roll}° {side}. والرقم يراعي ذلك.</translation>
        </message>
        <message>
            <source>No upright edges seen, so the camera is taken to be level.</source>
            <translation>لا تظهر حواف عمودية، لذا تُعدّ الكاميرا مستوية.</translation>
        </message>
        <message>
            <source>Whether the camera is level shows once you are in the picture.</source>
            <translation>يتبيّن استواء الكاميرا بعد الدخول في الصورة.</translation>
        </message>
        <message>
            <source>clockwise</source>
            <translation>مع عقارب الساعة</translation>
        </message>
        <message>
            <source>anticlockwise</source>
            <translation>عكس عقارب الساعة</translation>
        </message>
        <message>
            <source>At belt height, 2.5 to 3.5 metres away.</source>
            <translation>على ارتفاع الحزام، وعلى بعد 2.5 إلى 3.5 أمتار.</translation>
        </message>
        <message>
            <source>Light from the front or the side.</source>
            <translation>إضاءة من الأمام أو من الجانب.</translation>
        </message>
    </context>
    <context>
        <name>app.text.measurement</name>
        <message>
            <source>from the outline of the body</source>
            <translation>من حدود الجسم</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>من حدود الجسم، بمعايرة هذا الشخص نفسه</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>من النتوءين العظميين المعلَّمين</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>من الملصقين</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>من خط الحزام</translation>
        </message>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>برنامج Beltline فحص ذاتي للعافية، وليس جهازًا طبيًّا: للتشخيص تُرجى مراجعة اختصاصي العلاج الطبيعي.</translation>
        </message>
        <message>
            <source>The likely range was checked on computer-made bodies, which does not prove it for people.</source>
            <translation>فُحص المجال المرجّح على أجسام مُنشأة بالحاسوب، وهذا لا يثبته لدى البشر.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photograph shows the shape of the bones; changes show much more clearly, and calibrating once narrows it.</source>
            <translation>المجال المرجّح واسع لأن الصورة لا تُظهر شكل العظام. أما التغيّرات فتظهر أوضح بكثير، والمعايرة مرة واحدة تضيّقه.</translation>
        </message>
        <message>
            <source>Measured {method}.</source>
            <translation>قيس {method}.</translation>
        </message>
        <message>
            <source>up to {angle}°</source>
            <translation>حتى {angle}°</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>أقل من 1°</translation>
        </message>
        <message>
            <source>Also, {method}: {found}.</source>
            <translation>وكذلك {method}: {found}.</translation>
        </message>
        <message>
            <source>The two ways can differ, so compare each only with its own earlier results.</source>
            <translation>قد تختلف الطريقتان، لذا لا تُقارن كل منهما إلا بنتائجها السابقة.</translation>
        </message>
        <message>
            <source>Belt line lower in front by {angle}° (likely {interval})</source>
            <translation>مقدمة خط الحزام أخفض بمقدار {angle}° (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Belt line higher in front by {angle}° (likely {interval})</source>
            <translation>مقدمة خط الحزام أعلى بمقدار {angle}° (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Belt line level (likely {interval})</source>
            <translation>خط الحزام مستوٍ (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Clothes and belly shift the belt line too, so compare it only in the same clothes.</source>
            <translation>الملابس والبطن يغيّران خط الحزام أيضًا، لذا لا يُقارن إلا بالملابس نفسها.</translation>
        </message>
        <message>
            <source>The belt line cannot be seen:</source>
            <translation>لا يظهر خط الحزام:</translation>
        </message>
        <message>
            <source>the outline around the waist is unclear.</source>
            <translation>حدود الجسم حول الخصر غير واضحة.</translation>
        </message>
        <message>
            <source>an arm is in front of it.</source>
            <translation>ذراع تقع أمامه.</translation>
        </message>
        <message>
            <source>the clothes are of one colour from top to bottom.</source>
            <translation>الملابس بلون واحد من أعلاها إلى أسفلها.</translation>
        </message>
        <message>
            <source>the pattern of the clothes hides it.</source>
            <translation>نقش الملابس يخفيه.</translation>
        </message>
        <message>
            <source>the top hangs over it.</source>
            <translation>القميص يتدلى فوقه.</translation>
        </message>
        <message>
            <source>what shows may just as well be the lower edge of the top.</source>
            <translation>ما يظهر قد يكون كذلك الحافة السفلى للقميص.</translation>
        </message>
        <message>
            <source>Estimated {direction} tilt {angle}° (likely {interval})</source>
            <translation>الميل المقدَّر {direction} {angle}° (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Estimated tilt 0°, level (likely {interval})</source>
            <translation>الميل المقدَّر 0°، مستوٍ (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>No number: this photograph cannot be measured.</source>
            <translation>لا رقم: لا يمكن قياس هذه الصورة.</translation>
        </message>
        <message>
            <source>No number: nothing could be measured.</source>
            <translation>لا رقم: تعذر قياس أي شيء.</translation>
        </message>
        <message>
            <source>The rest of the body (not part of the tilt):</source>
            <translation>بقية الجسم (ليست من الميل):</translation>
        </message>
        <message>
            <source>Upper body</source>
            <translation>الجذع</translation>
        </message>
        <message>
            <source>Hips</source>
            <translation>الوركان</translation>
        </message>
        <message>
            <source>Knees</source>
            <translation>الركبتان</translation>
        </message>
        <message>
            <source>Head</source>
            <translation>الرأس</translation>
        </message>
        <message>
            <source>not visible</source>
            <translation>غير ظاهر</translation>
        </message>
        <message>
            <source>leaning forward {value}°</source>
            <translation>مائل إلى الأمام بمقدار {value}°</translation>
        </message>
        <message>
            <source>leaning back {value}°</source>
            <translation>مائل إلى الخلف بمقدار {value}°</translation>
        </message>
        <message>
            <source>upright</source>
            <translation>منتصب</translation>
        </message>
        <message>
            <source>ahead of the ankles, by {value} % of the leg's length</source>
            <translation>أمام الكاحلين بمقدار {value}% من طول الساق</translation>
        </message>
        <message>
            <source>behind the ankles, by {value} % of the leg's length</source>
            <translation>خلف الكاحلين بمقدار {value}% من طول الساق</translation>
        </message>
        <message>
            <source>right above the ankles</source>
            <translation>فوق الكاحلين تمامًا</translation>
        </message>
        <message>
            <source>{value}° (straight)</source>
            <translation>{value}° (مستقيمتان)</translation>
        </message>
        <message>
            <source>{value}° (bent)</source>
            <translation>{value}° (مثنيتان)</translation>
        </message>
        <message>
            <source>{value}° (pushed back beyond straight)</source>
            <translation>{value}° (ممدودتان إلى الخلف أكثر من الاستقامة)</translation>
        </message>
        <message>
            <source>{value}° ahead of the shoulders</source>
            <translation>أمام الكتفين بمقدار {value}°</translation>
        </message>
        <message>
            <source>{value}° behind the shoulders</source>
            <translation>خلف الكتفين بمقدار {value}°</translation>
        </message>
        <message>
            <source>right above the shoulders</source>
            <translation>فوق الكتفين تمامًا</translation>
        </message>
        <message>
            <source>The hips are ahead of the ankles while the upper body leans back. This way of standing is called sway-back; it is told apart from the tilt because it can look like less of it.</source>
            <translation>الوركان أمام الكاحلين والجذع مائل إلى الخلف. تسمى هذه الوقفة «sway-back» (الظهر المتأرجح)، وتُذكر على حدة لأنها قد تجعل الميل يبدو أقل.</translation>
        </message>
        <message>
            <source>Kept in the history as check {number}.</source>
            <translation>حُفظ في السجل بوصفه القياس {number}.</translation>
        </message>
        <message>
            <source>Picture with the measurement drawn on it: {path}</source>
            <translation>الصورة وعليها القياس مرسومًا: ‎{path}</translation>
        </message>
        <message>
            <source>All together, as repeats of one stance</source>
            <translation>الكل معًا، كإعادات لوقفة واحدة</translation>
        </message>
        <message>
            <source>The middle of {count} photographs{left_out}, measured {method}. Their angles lie {range} apart, with a spread of {spread} (standard deviation).</source>
            <translation>الأوسط من الصور ({count}){left_out}، قيس {method}. الفرق بين زواياها {range}، والتشتت {spread} (الانحراف المعياري).</translation>
        </message>
        <message>
            <source> (of {given} that were given)</source>
            <translation> (من أصل {given})</translation>
        </message>
        <message>
            <source>The likely range does not become much narrower than that of one photograph: measuring can misjudge the same body in the same direction each time, and more pictures do not cure that.</source>
            <translation>لا يصير المجال المرجّح أضيق بكثير من مجال الصورة الواحدة: قد يخطئ القياس في الجسم نفسه وبالاتجاه نفسه كل مرة، ومزيد من الصور لا يصلح ذلك.</translation>
        </message>
        <message>
            <source>No number for these photographs together.</source>
            <translation>لا رقم لهذه الصور معًا.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further forward than the middle. If something was different in it, take it again.</source>
            <translation>‏{source} بعيدة عن البقية: أكثر ميلًا إلى الأمام من الأوسط بمقدار {off}°. إن كان فيها شيء مختلف، فتُرجى إعادتها.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further backward than the middle. If something was different in it, take it again.</source>
            <translation>‏{source} بعيدة عن البقية: أكثر ميلًا إلى الخلف من الأوسط بمقدار {off}°. إن كان فيها شيء مختلف، فتُرجى إعادتها.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much your own photographs differ, and from how much a standing pelvis differs from day to day.</source>
            <translation>أصغر تغيّر ذي معنى: {change}°. بين سلسلتين كهذه بالطريقة نفسها، ما هو أقل ليس تغيّرًا حقيقيًّا. وهو مستمد من مقدار اختلاف الصور نفسها، ومن مقدار اختلاف الحوض أثناء الوقوف من يوم إلى يوم.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much measuring the same body twice differs, and from how much a standing pelvis differs from day to day. With {enough} photographs or more it is worked out from your own.</source>
            <translation>أصغر تغيّر ذي معنى: {change}°. بين سلسلتين كهذه بالطريقة نفسها، ما هو أقل ليس تغيّرًا حقيقيًّا. وهو مستمد من مقدار الاختلاف عند قياس الجسم نفسه مرتين، ومن مقدار اختلاف الحوض أثناء الوقوف من يوم إلى يوم. وابتداءً من {enough} صور يُحسب من صوركم نفسها.</translation>
        </message>
        <message>
            <source>Forward tilt means that the front of the pelvis, the bowl of bone between the hips, sits lower than the back.</source>
            <translation>الميل إلى الأمام يعني أن مقدمة الحوض، وهو وعاء العظم بين الوركين، أخفض من مؤخرته.</translation>
        </message>
        <message>
            <source>Most people without pain stand tilted forward, usually by about 3 to 20°, so one number does not tell good from bad.</source>
            <translation>معظم من لا ألم لديهم يقفون بميل إلى الأمام، 3 إلى 20° تقريبًا في العادة، لذا لا يميّز رقم واحد الجيد من السيئ.</translation>
        </message>
        <message>
            <source>Compare it with your own earlier pictures, taken the same way and measured the same way; two single pictures less than {smallest}° apart show no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>يُقارن بصوركم السابقة الملتقطة والمقيسة بالطريقة نفسها. صورتان مفردتان يقل الفرق بينهما عن {smallest}° لا تُظهران تغيّرًا حقيقيًّا: قد ينشأ هذا القدر من القياس مرتين ومن الوقوف في يوم آخر.</translation>
        </message>
        <message>
            <source>Upright lines in the room show that the camera was turned by {roll}°; that is taken out.</source>
            <translation>تُظهر خطوط عمودية في الغرفة أن الكاميرا كانت مدارة بمقدار {roll}°، وقد صُحّح ذلك.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. If a door frame or the edge of a wall is in the picture, give two points on it with --vertical X1 Y1 X2 Y2.</source>
            <translation>إن كانت الكاميرا مائلة، فالزاوية خاطئة بالقدر نفسه. إن كان في الصورة إطار باب أو حافة جدار، فتُعطى نقطتان عليه بالخيار ‎--vertical X1 Y1 X2 Y2.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>تعطل Beltline نفسه عند هذه الصورة.</translation>
        </message>
        <message>
            <source>Please report it together with the text on standard error.</source>
            <translation>يُرجى الإبلاغ عنه مع النص الظاهر في مجرى الخطأ القياسي.</translation>
        </message>
        <message>
            <source>Beltline itself failed to draw the overlay.</source>
            <translation>تعطل Beltline نفسه عند رسم القياس على الصورة.</translation>
        </message>
        <message>
            <source>Beltline itself failed to read the calibration, so none was used.</source>
            <translation>تعطل Beltline نفسه عند قراءة المعايرة، فلم تُستخدم أي معايرة.</translation>
        </message>
        <message>
            <source>Beltline itself failed to keep it in the history.</source>
            <translation>تعطل Beltline نفسه عند الحفظ في السجل.</translation>
        </message>
    </context>
    <context>
        <name>app.text.people</name>
        <message>
            <source>ID {number}</source>
            <translation>الرقم {number}</translation>
        </message>
        <message>
            <source>born {year}</source>
            <translation>مواليد {year}</translation>
        </message>
        <message>
            <source>last seen {day}</source>
            <translation>آخر زيارة {day}</translation>
        </message>
        <message>
            <source>not seen yet</source>
            <translation>بلا زيارة بعد</translation>
        </message>
        <message>
            <source>next check {day}</source>
            <translation>القياس التالي {day}</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>مستحق منذ {day}</translation>
        </message>
        <message>
            <source>Nobody fits.</source>
            <translation>لا أحد مطابق.</translation>
        </message>
        <message>
            <source>{name}: the next check was planned for {day}.</source>
            <translation>‏{name}: كان القياس التالي مقررًا في {day}.</translation>
        </message>
        <message numerus="yes">
            <source>{count} more people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>لم يحن موعد قياس أي شخص آخر. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس شخص آخر. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس شخصين آخرين. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس {count} أشخاص آخرين. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس {count} شخصًا آخر. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس {count} شخص آخر. القائمة في الإعدادات.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>لم يحن موعد قياس أي شخص. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس شخص واحد. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس شخصين. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس {count} أشخاص. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس {count} شخصًا. القائمة في الإعدادات.</numerusform>
                <numerusform>حان موعد قياس {count} شخص. القائمة في الإعدادات.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {count} weeks</source>
            <translation>
                <numerusform>بعد {count} أسبوع</numerusform>
                <numerusform>بعد أسبوع واحد</numerusform>
                <numerusform>بعد أسبوعين</numerusform>
                <numerusform>بعد {count} أسابيع</numerusform>
                <numerusform>بعد {count} أسبوعًا</numerusform>
                <numerusform>بعد {count} أسبوع</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.range_test</name>
        <message>
            <source>Range test</source>
            <translation>اختبار المدى</translation>
        </message>
        <message>
            <source>Range tests</source>
            <translation>اختبارات المدى</translation>
        </message>
        <message>
            <source>Result of the range test</source>
            <translation>نتيجة اختبار المدى</translation>
        </message>
        <message>
            <source>Earlier range tests:</source>
            <translation>اختبارات مدى سابقة:</translation>
        </message>
        <message>
            <source>Tucked</source>
            <translation>الضمّ</translation>
        </message>
        <message>
            <source>Relaxed</source>
            <translation>الاسترخاء</translation>
        </message>
        <message>
            <source>Arched</source>
            <translation>التقوّس</translation>
        </message>
        <message>
            <source>Your bottom tucked under, as far as is comfortable.</source>
            <translation>المؤخرة مسحوبة تحت الجسم بقدر ما يكون مريحًا.</translation>
        </message>
        <message>
            <source>Standing as you usually do.</source>
            <translation>الوقوف كالمعتاد.</translation>
        </message>
        <message>
            <source>Your bottom stuck out, as far as is comfortable.</source>
            <translation>المؤخرة بارزة إلى الخلف بقدر ما يكون مريحًا.</translation>
        </message>
        <message>
            <source>Your pelvis can turn by {range}° (likely {low} to {high}°)</source>
            <translation>يمكن للحوض أن يدور بمقدار {range}° (على الأرجح {low} إلى {high}°)</translation>
        </message>
        <message>
            <source>Standing relaxed, it is {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>عند الوقوف باسترخاء يكون على {place}% من المسافة من الضمّ إلى التقوّس (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further back than when you tucked: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>عند الوقوف باسترخاء كان أكثر ميلًا إلى الخلف حتى من وضع الضمّ: {place}% من المسافة من الضمّ إلى التقوّس (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further forward than when you arched: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>عند الوقوف باسترخاء كان أكثر ميلًا إلى الأمام حتى من وضع التقوّس: {place}% من المسافة من الضمّ إلى التقوّس (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Tucked: {tucked}. Relaxed: {relaxed}. Arched: {arched}.</source>
            <translation>الضمّ: {tucked}. الاسترخاء: {relaxed}. التقوّس: {arched}.</translation>
        </message>
        <message>
            <source>Middle of {count} rounds.</source>
            <translation>الأوسط من الجولات ({count}).</translation>
        </message>
        <message>
            <source>0 % is as far tucked as you went, 100 % as far arched. Both numbers are surer than one angle by itself: the shape of your bones, which no camera sees, does not change them.</source>
            <translation>0% أقصى ضمّ بلغتموه، و100% أقصى تقوّس. كلا الرقمين أكثر تأكيدًا من زاوية واحدة بمفردها: شكل العظام، الذي لا تراه أي كاميرا، لا يغيّرهما.</translation>
        </message>
        <message>
            <source>No place is the right one, and this is no test of strength or health. Compare it with your own later tests, in similar clothes. If something troubles you, ask a physiotherapist.</source>
            <translation>لا يوجد موضع هو الصحيح، وليس هذا اختبارًا للقوة أو الصحة. يُقارن باختباراتكم اللاحقة بملابس مشابهة. وعند أي شكوى يُسأل اختصاصي العلاج الطبيعي.</translation>
        </message>
        <message>
            <source>How far you could turn your pelvis, and where you stood in between: 0 % is as far tucked as you went, 100 % as far arched. No place is the right one.</source>
            <translation>أقصى دوران ممكن للحوض، وموضع الوقوف ضمنه: 0% أقصى ضمّ، و100% أقصى تقوّس. لا يوجد موضع هو الصحيح.</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high}), relaxed at {place} % ({interval})</source>
            <translation>{range}° ({low} إلى {high})، الاسترخاء عند {place}% ({interval})</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high})</source>
            <translation>{range}° ({low} إلى {high})</translation>
        </message>
        <message>
            <source>{place} % ({interval})</source>
            <translation>{place}% ({interval})</translation>
        </message>
        <message>
            <source>Done. Your pelvis can turn by {range} degrees. Relaxed, it is at {place} per cent.</source>
            <translation>انتهى. مقدار دوران الحوض الممكن بالدرجات {range}. وعند الاسترخاء يكون على {place} بالمئة.</translation>
        </message>
        <message>
            <source>Done. {message} {fix}</source>
            <translation>انتهى. {message} {fix}</translation>
        </message>
        <message>
            <source>No range this time</source>
            <translation>لا مدى هذه المرة</translation>
        </message>
        <message>
            <source>Newest, {when}: {brief}</source>
            <translation>الأحدث، {when}: {brief}</translation>
        </message>
        <message>
            <source>Range tests ({count})</source>
            <translation>اختبارات المدى ({count})</translation>
        </message>
        <message>
            <source>{low} to {high} %</source>
            <translation>{low} إلى {high}%</translation>
        </message>
        <message numerus="yes">
            <source>{count} range tests</source>
            <translation>
                <numerusform>لا اختبارات مدى</numerusform>
                <numerusform>اختبار مدى واحد</numerusform>
                <numerusform>اختبارا مدى</numerusform>
                <numerusform>{count} اختبارات مدى</numerusform>
                <numerusform>{count} اختبار مدى</numerusform>
                <numerusform>{count} اختبار مدى</numerusform>
            </translation>
        </message>
        <message>
            <source>Newest range test, {when}: the pelvis turned by {range}° (likely {low} to {high}°) between tucked and arched; relaxed standing lay at {place} % of the way (likely {interval}). The person's own range: the shape of the bones drops out of it. {change}</source>
            <translation>أحدث اختبار مدى، {when}: دار الحوض بمقدار {range}° (على الأرجح {low} إلى {high}°) بين الضمّ والتقوّس، وكان الوقوف باسترخاء على {place}% من المسافة (على الأرجح {interval}). هذا مدى الشخص نفسه، ولا أثر فيه لشكل العظام. {change}</translation>
        </message>
        <message>
            <source>Range test {number}: {brief}, {source}</source>
            <translation>اختبار المدى {number}: {brief}، {source}</translation>
        </message>
        <message>
            <source>{profile}, range tests measured {method}: {count}</source>
            <translation>‏{profile}، اختبارات مدى قيست {method}: {count}</translation>
        </message>
        <message>
            <source>in front of a camera</source>
            <translation>أمام كاميرا</translation>
        </message>
        <message>
            <source>from photographs</source>
            <translation>من صور</translation>
        </message>
        <message>
            <source>Since the first one measured this way, {when}: {range} {place}</source>
            <translation>منذ أول اختبار بهذه الطريقة، {when}: {range} {place}</translation>
        </message>
        <message>
            <source>The range is {size}° wider.</source>
            <translation>المدى أوسع بمقدار {size}°.</translation>
        </message>
        <message>
            <source>The range is {size}° narrower.</source>
            <translation>المدى أضيق بمقدار {size}°.</translation>
        </message>
        <message>
            <source>No real change of the range (under {least}°).</source>
            <translation>لا تغيّر حقيقيًّا في المدى (أقل من {least}°).</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards arched.</source>
            <translation>تحرّك الوقوف باسترخاء بمقدار {size}% نحو التقوّس.</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards tucked.</source>
            <translation>تحرّك الوقوف باسترخاء بمقدار {size}% نحو الضمّ.</translation>
        </message>
        <message>
            <source>No real change of the place in it (under {least} %).</source>
            <translation>لا تغيّر حقيقيًّا في الموضع ضمنه (أقل من {least}%).</translation>
        </message>
        <message>
            <source>From three photographs</source>
            <translation>من ثلاث صور</translation>
        </message>
        <message>
            <source>Choose one side-on picture of each position: same day, same clothes, fists on your collar-bones, camera level at belt height.</source>
            <translation>اختيار صورة من الجانب لكل وضع: اليوم نفسه، والملابس نفسها، والقبضتان على الترقوتين، والكاميرا مستوية على ارتفاع الحزام.</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>اختيار…</translation>
        </message>
        <message>
            <source>no picture yet</source>
            <translation>لا صورة بعد</translation>
        </message>
        <message>
            <source>Work it out</source>
            <translation>حساب</translation>
        </message>
        <message>
            <source>Measuring the three pictures…</source>
            <translation>جارٍ قياس الصور الثلاث…</translation>
        </message>
        <message>
            <source>Beltline itself failed on these pictures. Please report what happened.</source>
            <translation>تعطل Beltline نفسه عند هذه الصور. يُرجى الإبلاغ عما حدث.</translation>
        </message>
        <message>
            <source>Kept in the history as range test {number}.</source>
            <translation>حُفظ في السجل بوصفه اختبار المدى {number}.</translation>
        </message>
        <message>
            <source>Where you stand relaxed between tucked and arched</source>
            <translation>موضع الوقوف باسترخاء بين الضمّ والتقوّس</translation>
        </message>
    </context>
    <context>
        <name>app.text.report</name>
        <message>
            <source>Forward tilt of the pelvis, seen from the side</source>
            <translation>ميل الحوض إلى الأمام، من الجانب</translation>
        </message>
        <message>
            <source>Angle of the belt line, seen from the side</source>
            <translation>زاوية خط الحزام، من الجانب</translation>
        </message>
        <message>
            <source>{title}: {name}</source>
            <translation>{title}: {name}</translation>
        </message>
        <message>
            <source>One check, of {day}</source>
            <translation>قياس واحد، من {day}</translation>
        </message>
        <message>
            <source>{count} checks, all of {day}</source>
            <translation>قياسات عددها {count}، كلها من {day}</translation>
        </message>
        <message>
            <source>{count} checks, {first} to {last}</source>
            <translation>قياسات عددها {count}، من {first} إلى {last}</translation>
        </message>
        <message>
            <source>{count} checks, up to {last}</source>
            <translation>قياسات عددها {count}، حتى {last}</translation>
        </message>
        <message>
            <source>ID {number}</source>
            <translation>الرقم {number}</translation>
        </message>
        <message>
            <source>born {year}</source>
            <translation>مواليد {year}</translation>
        </message>
        <message>
            <source>Newest check, {when}</source>
            <translation>أحدث قياس، {when}</translation>
        </message>
        <message>
            <source>{when}: {angle}, {method}</source>
            <translation>{when}: {angle}، {method}</translation>
        </message>
        <message>
            <source>Only the numbers of the newest check were kept, so there is no picture of it.</source>
            <translation>لم تُحفظ من أحدث قياس إلا الأرقام، فلا صورة له.</translation>
        </message>
        <message>
            <source>The picture of the newest check is no longer where it was kept.</source>
            <translation>صورة أحدث قياس لم تعد في مكان حفظها.</translation>
        </message>
        <message>
            <source>The picture of the newest check is damaged and cannot be shown.</source>
            <translation>صورة أحدث قياس تالفة ولا يمكن عرضها.</translation>
        </message>
        <message>
            <source>The head could not be found in the picture of the newest check, so the picture is left out.</source>
            <translation>لم يُعثر على الرأس في صورة أحدث قياس، لذا استُبعدت الصورة.</translation>
        </message>
        <message>
            <source>From {earlier} to {newest}: {change}</source>
            <translation>من {earlier} إلى {newest}: {change}</translation>
        </message>
        <message>
            <source>Angle over time, {method}</source>
            <translation>الزاوية عبر الزمن، {method}</translation>
        </message>
        <message>
            <source>degrees, forward above 0</source>
            <translation>بالدرجات، إلى الأمام فوق 0</translation>
        </message>
        <message>
            <source>degrees, front lower above 0</source>
            <translation>بالدرجات، المقدمة أخفض فوق 0</translation>
        </message>
        <message>
            <source>Each point is a check; its bar shows how far the next may differ by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>كل نقطة قياس، وعمودها يبيّن كم قد يختلف القياس التالي بالمصادفة. المجال المرجّح لزاوية واحدة أوسع: فهو يشمل شكل العظام الذي يبقى كما هو.</translation>
        </message>
        <message>
            <source>There are {count} checks: each point is the middle of about {each} in a row; its bar shows how far one check may differ from the next by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>عدد القياسات {count}: كل نقطة هي الأوسط من نحو {each} متتالية، وعمودها يبيّن كم قد يختلف قياس عن الذي يليه بالمصادفة. المجال المرجّح لزاوية واحدة أوسع: فهو يشمل شكل العظام الذي يبقى كما هو.</translation>
        </message>
        <message>
            <source>Shaded: 3 to 20° (middle 11°, dashed), the range in which most people without pain stand.</source>
            <translation>المظلَّل: 3 إلى 20° (الوسط 11°، متقطع)، وهو المجال الذي يقف ضمنه معظم من لا ألم لديهم.</translation>
        </message>
        <message>
            <source>There is no usual range for a belt line: the cut of the clothes shifts it.</source>
            <translation>لا مجال معتادًا لخط الحزام، لأن قصّة الملابس تغيّره.</translation>
        </message>
        <message>
            <source>None of the checks was measured {method}, so there is no line over time.</source>
            <translation>لم يُقَس أي من القياسات {method}، لذا لا خط عبر الزمن.</translation>
        </message>
        <message>
            <source>Checks, newest first</source>
            <translation>القياسات، الأحدث أولًا</translation>
        </message>
        <message>
            <source>The newest {shown} of {total} checks</source>
            <translation>أحدث القياسات: {shown} من {total}</translation>
        </message>
        <message numerus="yes">
            <source>{count} older checks are not listed here.</source>
            <translation>
                <numerusform>لا قياسات أقدم غير مدرجة هنا.</numerusform>
                <numerusform>قياس واحد أقدم غير مدرج هنا.</numerusform>
                <numerusform>قياسان أقدم غير مدرجين هنا.</numerusform>
                <numerusform>{count} قياسات أقدم غير مدرجة هنا.</numerusform>
                <numerusform>{count} قياسًا أقدم غير مدرجة هنا.</numerusform>
                <numerusform>{count} قياس أقدم غير مدرجة هنا.</numerusform>
            </translation>
        </message>
        <message>
            <source>Date</source>
            <translation>التاريخ</translation>
        </message>
        <message>
            <source>Angle (likely range)</source>
            <translation>الزاوية (المجال المرجّح)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>الطريقة</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>الملابس</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>الذراعان</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>ملاحظة</translation>
        </message>
        <message>
            <source>front {angle}° lower ({interval})</source>
            <translation>المقدمة أخفض {angle}° ({interval})</translation>
        </message>
        <message>
            <source>front {angle}° higher ({interval})</source>
            <translation>المقدمة أعلى {angle}° ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0° مستوٍ ({interval})</translation>
        </message>
        <message>
            <source>body outline</source>
            <translation>حدود الجسم</translation>
        </message>
        <message>
            <source>calibrated outline</source>
            <translation>حدود الجسم المعايَرة</translation>
        </message>
        <message>
            <source>marked points</source>
            <translation>نقطتان معلَّمتان</translation>
        </message>
        <message>
            <source>stickers</source>
            <translation>ملصقان</translation>
        </message>
        <message>
            <source>belt line</source>
            <translation>خط الحزام</translation>
        </message>
        <message>
            <source>The rest of the body</source>
            <translation>بقية الجسم</translation>
        </message>
        <message>
            <source>From the check of {day}. These numbers are not part of the tilt.</source>
            <translation>من قياس {day}. ليست هذه الأرقام من الميل.</translation>
        </message>
        <message>
            <source>How the pictures were taken</source>
            <translation>كيف التُقطت الصور</translation>
        </message>
        <message>
            <source>How the picture was taken</source>
            <translation>كيف التُقطت الصورة</translation>
        </message>
        <message>
            <source>Side-on</source>
            <translation>الوضع الجانبي</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>الكاميرا</translation>
        </message>
        <message>
            <source>Points</source>
            <translation>النقطتان</translation>
        </message>
        <message>
            <source>Noticed</source>
            <translation>لوحظ</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>لم يُذكر</translation>
        </message>
        <message>
            <source>off by about {yaw}°</source>
            <translation>انحراف بنحو {yaw}°</translation>
        </message>
        <message>
            <source>assumed to be level</source>
            <translation>يُفترض أنها مستوية</translation>
        </message>
        <message>
            <source>level, by a plumb line that a person marked</source>
            <translation>مستوية، بحسب خط شاقول علّمه شخص</translation>
        </message>
        <message>
            <source>level, by upright lines in the room</source>
            <translation>مستوية، بحسب خطوط عمودية في الغرفة</translation>
        </message>
        <message>
            <source>turned by {roll}°, by a plumb line that a person marked; taken out</source>
            <translation>مدارة بمقدار {roll}°، بحسب خط شاقول علّمه شخص، وصُحّح ذلك</translation>
        </message>
        <message>
            <source>turned by {roll}°, by upright lines in the room; taken out</source>
            <translation>مدارة بمقدار {roll}°، بحسب خطوط عمودية في الغرفة، وصُحّح ذلك</translation>
        </message>
        <message>
            <source>placed by a person</source>
            <translation>وضعهما شخص</translation>
        </message>
        <message>
            <source>suggested by the program, then moved by a person</source>
            <translation>اقترحهما البرنامج ثم حرّكهما شخص</translation>
        </message>
        <message>
            <source>suggested by the program, left in place by a person</source>
            <translation>اقترحهما البرنامج وتركهما شخص كما هما</translation>
        </message>
        <message>
            <source>nothing that would widen the range</source>
            <translation>لا شيء يوسّع المجال</translation>
        </message>
        <message>
            <source>How far this can be trusted</source>
            <translation>ما مدى موثوقية ذلك</translation>
        </message>
        <message>
            <source>Every angle is an estimate with a likely range, meant to hold the true angle in 9 of 10 cases. Compare angles only if method, clothes and arms were the same.</source>
            <translation>كل زاوية تقدير له مجال مرجّح، يُراد له أن يشمل الزاوية الحقيقية في 9 من 10 حالات. لا تُقارن الزوايا إلا إذا كانت الطريقة والملابس ووضع الذراعين نفسها.</translation>
        </message>
        <message>
            <source>Pelvic tilt here is the angle between the line from PSIS (the dimple at the back) to ASIS (the bony point at the front) and the horizontal, seen from the side; forward means ASIS lower. It is not the pelvic tilt of X-ray pictures.</source>
            <translation>ميل الحوض هنا هو الزاوية بين الخط من PSIS (النقرة الخلفية) إلى ASIS (النتوء العظمي الأمامي) والخط الأفقي، منظورًا من الجانب. «إلى الأمام» يعني أن ASIS أخفض. وهو ليس ميل الحوض المقيس في صور الأشعة السينية.</translation>
        </message>
        <message>
            <source>The likely range of one angle holds what no picture shows of the bones (SD 4.5°); a change leaves that out. What counts as a change follows from how one body reads twice (SD 2.7°, computer-made bodies) and stands from day to day (SD 1.6°), or from a person's own series of five. By hand with an inclinometer the standard error is about 1° by one examiner (Herrington 2011) and up to 3.6° over clothes (Hagins).</source>
            <translation>المجال المرجّح لزاوية واحدة يشمل ما لا تُظهره أي صورة من العظام (الانحراف المعياري 4.5°)، والتغيّر لا يشمل ذلك. ما يُعدّ تغيّرًا يتبع مقدار اختلاف قراءة جسم واحد مرتين (الانحراف المعياري 2.7°، أجسام مُنشأة بالحاسوب) ووقوفه من يوم إلى يوم (الانحراف المعياري 1.6°)، أو يتبع سلسلة الشخص نفسه من خمس صور. وبالقياس اليدوي بمقياس الميل، الخطأ المعياري نحو 1° لفاحص واحد (Herrington 2011) ويصل إلى 3.6° فوق الملابس (Hagins).</translation>
        </message>
        <message>
            <source>Measured from the body outline, the range was checked on computer-made bodies, which does not prove accuracy on people. No published method measures an adult's pelvic tilt from a clothed photograph without marks; clinical validity is not claimed.</source>
            <translation>عند القياس من حدود الجسم، فُحص المجال على أجسام مُنشأة بالحاسوب، وهذا لا يثبت الدقة لدى البشر. ولا توجد طريقة منشورة تقيس ميل حوض شخص بالغ من صورة بالملابس ومن دون علامات، ولا يُدّعى أي صدق سريري.</translation>
        </message>
        <message>
            <source>Of healthy young adults 85 % of men and 75 % of women stand tilted forward (Herrington 2011, n = 120). Bone shape alone spans 0 to 23° in pelves held still (Preece 2008; mean 13°, SD 5°). No limit between healthy and unhealthy has been validated, and no study shows that the tilt explains pain or tells how strong a muscle is (Laird 2014).</source>
            <translation>من الشباب الأصحاء يقف 85% من الرجال و75% من النساء بميل إلى الأمام (Herrington 2011، العدد 120). وشكل العظام وحده يتراوح بين 0 و23° في أحواض مثبتة (Preece 2008، المتوسط 13°، الانحراف المعياري 5°). لم يثبت أي حد يفصل بين السليم وغير السليم، ولا دراسة تُظهر أن الميل يفسّر الألم أو يدل على قوة عضلة ما (Laird 2014).</translation>
        </message>
        <message>
            <source>Made by Beltline {version}.</source>
            <translation>أنشأه Beltline {version}.</translation>
        </message>
        <message>
            <source>The newest check was measured by Beltline {version}; pose model {pose}, outline model {contour} (starts of SHA-256).</source>
            <translation>قيس أحدث قياس بـ Beltline {version}، نموذج الوضعيات {pose}، نموذج حدود الجسم {contour} (بدايات SHA-256).</translation>
        </message>
        <message>
            <source>The checks were measured by versions {versions}.</source>
            <translation>أُجريت القياسات بالإصدارات {versions}.</translation>
        </message>
        <message>
            <source>{sign} stands for a letter that no font of this computer holds.</source>
            <translation>{sign} يحل محل حرف لا يوجد في أي خط على هذا الحاسوب.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters, so the report shows boxes for them: {letters}. Install a font for them, such as one of Google's Noto fonts, and make the report again.</source>
            <translation>لا خط على هذا الحاسوب يحتوي على هذه الأحرف، لذا تظهر مربعات مكانها في التقرير: {letters}. يُرجى تثبيت خط يحتويها، مثل أحد خطوط Noto من Google، ثم إنشاء التقرير من جديد.</translation>
        </message>
        <message>
            <source>and more</source>
            <translation>وغيرها</translation>
        </message>
        <message>
            <source>Estimates with their likely ranges, not a verdict. {name}</source>
            <translation>تقديرات مع مجالاتها المرجّحة، وليست حكمًا. {name}</translation>
        </message>
        <message>
            <source>Page {page} of {pages}</source>
            <translation>الصفحة {page} من {pages}</translation>
        </message>
        <message>
            <source>'{name}' has no saved checks yet, so there is nothing to report.</source>
            <translation>لا قياسات محفوظة لـ «{name}» بعد، فلا شيء في التقرير.</translation>
        </message>
        <message>
            <source>Save a check first, then make the report.</source>
            <translation>يُرجى حفظ قياس أولًا، ثم إنشاء التقرير.</translation>
        </message>
        <message>
            <source>'{name}' has no check that was measured {method}.</source>
            <translation>لا قياس لـ «{name}» قيس {method}.</translation>
        </message>
        <message>
            <source>Choose another method, or make a report about all checks.</source>
            <translation>يُرجى اختيار طريقة أخرى، أو إنشاء تقرير عن كل القياسات.</translation>
        </message>
        <message>
            <source>The report cannot be written to '{out}': {why}.</source>
            <translation>لا يمكن كتابة التقرير في «‎{out}»: {why}.</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>يُرجى اختيار اسم في مجلد موجود تمكن الكتابة فيه، وعلى قرصه مساحة كافية.</translation>
        </message>
        <message>
            <source>its name does not end in .pdf</source>
            <translation>اسمه لا ينتهي بـ ‎.pdf</translation>
        </message>
        <message>
            <source>Give a file name that ends in .pdf.</source>
            <translation>يُرجى إعطاء اسم ملف ينتهي بـ ‎.pdf.</translation>
        </message>
        <message>
            <source>its folder does not exist</source>
            <translation>مجلده غير موجود</translation>
        </message>
        <message>
            <source>the file that is there is read-only</source>
            <translation>الملف الموجود للقراءة فقط</translation>
        </message>
        <message>
            <source>a folder has this name</source>
            <translation>هذا الاسم لمجلد</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.forms</name>
        <message>
            <source>Measured {method}.</source>
            <translation>قيس {method}.</translation>
        </message>
        <message>
            <source>from the outline of the body</source>
            <translation>من حدود الجسم</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>من حدود الجسم، بمعايرة هذا الشخص نفسه</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>من النتوءين العظميين المعلَّمين</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>من الملصقين</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>من خط الحزام</translation>
        </message>
        <message>
            <source>A FHIR bundle needs more packages.</source>
            <translation>تحتاج حزمة FHIR إلى مزيد من الحزم البرمجية.</translation>
        </message>
        <message>
            <source>Where Beltline was installed with Python, install them with: pip install 'beltline[study]'</source>
            <translation>عند تثبيت Beltline باستخدام Python، لتثبيتها: pip install 'beltline[study]'</translation>
        </message>
        <message>
            <source>There is no export '{kind}'.</source>
            <translation>لا يوجد تصدير باسم «{kind}».</translation>
        </message>
        <message>
            <source>'{path}' is there already, so nothing was written.</source>
            <translation>«‎{path}» موجود من قبل، فلم يُكتب شيء.</translation>
        </message>
        <message>
            <source>Choose another folder, or add --replace.</source>
            <translation>يُرجى اختيار مجلد آخر، أو إضافة ‎--replace.</translation>
        </message>
        <message>
            <source>The export cannot be written to '{folder}': {why}.</source>
            <translation>لا يمكن كتابة التصدير في «{folder}»: {why}.</translation>
        </message>
        <message>
            <source>Choose a folder that you may write to and that has room.</source>
            <translation>يُرجى اختيار مجلد تمكن الكتابة فيه وفيه مساحة كافية.</translation>
        </message>
        <message>
            <source>Estimated from a photograph, for research: context, not a verdict. Bone shape alone spans 0 to 23 degrees in pelves held still, most people without pain stand tilted forward, and no limit between healthy and unhealthy has been shown to hold. Compare it only with results of the same person by the same method. Where a time is told, it is when the picture was looked at, not when it was taken.</source>
            <translation>مقدَّر من صورة، لأغراض البحث: سياق لا حكم. شكل العظام وحده يتراوح بين 0 و23 درجة في أحواض مثبتة، ومعظم من لا ألم لديهم يقفون بميل إلى الأمام، ولم يثبت أي حد يفصل بين السليم وغير السليم. لا يُقارن إلا بنتائج الشخص نفسه بالطريقة نفسها. وحيث يُذكر وقت فهو وقت النظر في الصورة لا وقت التقاطها.</translation>
        </message>
        <message>
            <source>Pelvic tilt standing, from a side-on photograph; forward (front lower) is positive</source>
            <translation>ميل الحوض وقوفًا، من صورة من الجانب؛ إلى الأمام (المقدمة أخفض) موجب</translation>
        </message>
        <message>
            <source>Slope of the belt line, from a side-on photograph; front lower is positive</source>
            <translation>ميل خط الحزام، من صورة من الجانب؛ المقدمة الأخفض موجبة</translation>
        </message>
        <message>
            <source>The rater could not tell the two bony points.</source>
            <translation>لم يتمكن المقيّم من تمييز النتوءين العظميين.</translation>
        </message>
        <message>
            <source>The photograph was refused.</source>
            <translation>رُفضت الصورة.</translation>
        </message>
        <message>
            <source>The photograph could not be read.</source>
            <translation>تعذرت قراءة الصورة.</translation>
        </message>
        <message>
            <source>There is no number, and the study does not say why.</source>
            <translation>لا يوجد رقم، ولا تذكر الدراسة السبب.</translation>
        </message>
        <message>
            <source>Beltline's own codes for pelvic tilt in photographs</source>
            <translation>رموز Beltline الخاصة بميل الحوض في الصور</translation>
        </message>
        <message>
            <source>Software that estimates pelvic tilt from photographs</source>
            <translation>برنامج يقدّر ميل الحوض من الصور</translation>
        </message>
        <message>
            <source>No</source>
            <translation>لا</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>جزئيًّا</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>بوضوح</translation>
        </message>
        <message>
            <source>The belt line is not seen</source>
            <translation>خط الحزام لا يُرى</translation>
        </message>
        <message>
            <source>The belt line is partly seen</source>
            <translation>خط الحزام يُرى جزئيًّا</translation>
        </message>
        <message>
            <source>The belt line is clearly seen</source>
            <translation>خط الحزام يُرى بوضوح</translation>
        </message>
        <message>
            <source>Both points marked</source>
            <translation>عُلّمت النقطتان</translation>
        </message>
        <message>
            <source>Points cannot be told</source>
            <translation>لا يمكن تمييز النقطتين</translation>
        </message>
        <message>
            <source>Not yet rated</source>
            <translation>لم تُقيَّم بعد</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>قيس</translation>
        </message>
        <message>
            <source>Photograph refused</source>
            <translation>صورة مرفوضة</translation>
        </message>
        <message>
            <source>Photograph not readable</source>
            <translation>صورة غير قابلة للقراءة</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.rating</name>
        <message>
            <source>Studies</source>
            <translation>الدراسات</translation>
        </message>
        <message>
            <source>Choose the folder that was given to you</source>
            <translation>اختيار المجلد الذي تسلّمتموه</translation>
        </message>
        <message>
            <source>If you were given a folder of photographs to rate for a study, open it here. They are shown in a window of their own.</source>
            <translation>من تسلّم مجلد صور لتقييمها من أجل دراسة يفتحه هنا. تُعرض الصور في نافذة خاصة بها.</translation>
        </message>
        <message>
            <source>Rate photographs…</source>
            <translation>تقييم الصور…</translation>
        </message>
        <message>
            <source>Rate photographs</source>
            <translation>تقييم الصور</translation>
        </message>
        <message>
            <source>Photograph {number} of {count}</source>
            <translation>الصورة {number} من {count}</translation>
        </message>
        <message>
            <source>Who is rating?</source>
            <translation>من يقيّم؟</translation>
        </message>
        <message>
            <source>Each rater has a list of their own, in another order. Choose the one that was given to you, and no other.</source>
            <translation>لكل مقيّم قائمة خاصة به بترتيب آخر. يُرجى اختيار القائمة المخصصة لكم دون غيرها.</translation>
        </message>
        <message>
            <source>Rate photographs for a study</source>
            <translation>تقييم صور لدراسة</translation>
        </message>
        <message>
            <source>Go on rating photographs</source>
            <translation>متابعة تقييم الصور</translation>
        </message>
        <message>
            <source>You see one photograph at a time. Still to rate: {left}. On each, mark two points where you think the bones are, and say how well you see the belt line.</source>
            <translation>تُعرض صورة واحدة في كل مرة. ما بقي للتقييم: {left}. في كل صورة تُعلَّم نقطتان في الموضع المظنون للعظام، ويُذكر مدى وضوح خط الحزام.</translation>
        </message>
        <message>
            <source>Front point (ASIS): the bump at the front end of the hip bone's upper edge. Back point (PSIS): the bump under the dimple just above the buttock. Mark them on the side that faces the camera.</source>
            <translation>النقطة الأمامية (ASIS): النتوء عند الطرف الأمامي للحافة العليا لعظم الورك. النقطة الخلفية (PSIS): النتوء تحت النقرة فوق الألية مباشرة. تُعلَّمان على الجانب المواجه للكاميرا.</translation>
        </message>
        <message>
            <source>If something upright is in the picture, such as a door frame, add a plumb line and lay it on that.</source>
            <translation>إن كان في الصورة شيء عمودي، مثل إطار باب، يُضاف خط شاقول ويوضع عليه.</translation>
        </message>
        <message>
            <source>Decide alone and trust your eye: the study asks how well people agree. Earlier answers are not shown.</source>
            <translation>يُرجى اتخاذ القرار على انفراد والثقة بالعين: تسأل الدراسة عن مدى اتفاق الناس. لا تُعرض الإجابات السابقة.</translation>
        </message>
        <message>
            <source>Each answer is kept at once, with the time it took. Pauses do not count. You may close the window and go on another day.</source>
            <translation>تُحفظ كل إجابة فورًا مع الوقت الذي استغرقته، ولا تُحسب فترات التوقف. يمكن إغلاق النافذة والمتابعة في يوم آخر.</translation>
        </message>
        <message>
            <source>All of it works with the keyboard: arrow keys move the point, with Shift faster; Enter goes on to what comes next; {unknown} means you cannot tell the points; {plumb} is the plumb line; {no}, {partly} and {clearly} answer about the belt line; {pause} pauses; Ctrl and + or - zoom, {fit} shows the whole picture.</source>
            <translation>كل شيء ممكن بلوحة المفاتيح: مفاتيح الأسهم تحرّك النقطة، ومع Shift أسرع؛ وEnter للانتقال إلى ما يلي؛ و{unknown} لتعذر تمييز النقطتين؛ و{plumb} لخط الشاقول؛ و{no} و{partly} و{clearly} للإجابة عن خط الحزام؛ و{pause} للإيقاف المؤقت؛ وCtrl مع + أو - للتكبير والتصغير، و{fit} لعرض الصورة كاملة.</translation>
        </message>
        <message>
            <source>Front point (ASIS)</source>
            <translation>النقطة الأمامية (ASIS)</translation>
        </message>
        <message>
            <source>Back point (PSIS)</source>
            <translation>النقطة الخلفية (PSIS)</translation>
        </message>
        <message>
            <source>{name}, not marked yet</source>
            <translation>‏{name}، لم تُعلَّم بعد</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>تعليم النتوءين العظميين</translation>
        </message>
        <message>
            <source>Click on the picture, first on the front point, then on the back point. Drag a cross, or move it with the arrow keys, until it is right.</source>
            <translation>النقر على الصورة، أولًا على النقطة الأمامية ثم على الخلفية. تُسحب العلامة أو تُحرَّك بمفاتيح الأسهم حتى يصح موضعها.</translation>
        </message>
        <message>
            <source>I cannot tell the points</source>
            <translation>لا أستطيع تمييز النقطتين</translation>
        </message>
        <message>
            <source>How well do you see the belt line?</source>
            <translation>ما مدى وضوح خط الحزام؟</translation>
        </message>
        <message>
            <source>The upper edge of a belt, trousers or skirt across the body.</source>
            <translation>الحافة العليا للحزام أو السروال أو التنورة عبر الجسم.</translation>
        </message>
        <message>
            <source>Not at all</source>
            <translation>لا يُرى</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>جزئيًّا</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>بوضوح</translation>
        </message>
        <message>
            <source>Mark the {point}: click on it, or press an arrow key. If you cannot tell where it is, choose “I cannot tell the points”.</source>
            <translation>تعليم {point}: بالنقر عليها أو بالضغط على مفتاح سهم. إن تعذر تمييز موضعها، فيُختار «لا أستطيع تمييز النقطتين».</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>النقطة الأمامية</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>النقطة الخلفية</translation>
        </message>
        <message>
            <source>The plumb line is still where it was put. Move both ends onto something upright, or remove the line.</source>
            <translation>خط الشاقول ما زال في موضعه الأول. يُنقل طرفاه إلى شيء عمودي، أو يُزال الخط.</translation>
        </message>
        <message>
            <source>This line cannot be upright. Move both ends onto something upright, such as a door frame, far apart, or remove the line.</source>
            <translation>لا يمكن أن يكون هذا الخط عموديًّا. يُنقل طرفاه إلى شيء عمودي، مثل إطار باب، متباعدين، أو يُزال الخط.</translation>
        </message>
        <message>
            <source>Say how well you see the belt line.</source>
            <translation>يُرجى ذكر مدى وضوح خط الحزام.</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>متوقف مؤقتًا</translation>
        </message>
        <message>
            <source>The clock stands still and the photograph is hidden. What you marked on it stays as long as the window is open.</source>
            <translation>الساعة متوقفة والصورة مخفية. ما عُلّم عليها يبقى ما دامت النافذة مفتوحة.</translation>
        </message>
        <message>
            <source>Photograph {number} cannot be shown and stays open. {message}</source>
            <translation>لا يمكن عرض الصورة {number}، وتبقى مفتوحة. {message}</translation>
        </message>
        <message>
            <source>It has another size than the study's.</source>
            <translation>حجمها يختلف عن حجمها في الدراسة.</translation>
        </message>
        <message>
            <source>All photographs are rated</source>
            <translation>قُيّمت الصور كلها</translation>
        </message>
        <message>
            <source>You have come to the end</source>
            <translation>وصلتم إلى النهاية</translation>
        </message>
        <message numerus="yes">
            <source>Thank you. Your {count} answers are in the folder “{folder}”. Give it back to whoever gave it to you.</source>
            <translation>
                <numerusform>شكرًا لكم. لا إجابات في المجلد «{folder}». تُرجى إعادته إلى من سلّمه لكم.</numerusform>
                <numerusform>شكرًا لكم. الإجابة محفوظة في المجلد «{folder}». تُرجى إعادته إلى من سلّمه لكم.</numerusform>
                <numerusform>شكرًا لكم. الإجابتان محفوظتان في المجلد «{folder}». تُرجى إعادته إلى من سلّمه لكم.</numerusform>
                <numerusform>شكرًا لكم. حُفظت {count} إجابات في المجلد «{folder}». تُرجى إعادته إلى من سلّمه لكم.</numerusform>
                <numerusform>شكرًا لكم. حُفظت {count} إجابة في المجلد «{folder}». تُرجى إعادته إلى من سلّمه لكم.</numerusform>
                <numerusform>شكرًا لكم. حُفظت {count} إجابة في المجلد «{folder}». تُرجى إعادته إلى من سلّمه لكم.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} photographs could not be shown and stay open. Say so when you give the folder back.</source>
            <translation>
                <numerusform>عُرضت الصور كلها.</numerusform>
                <numerusform>تعذر عرض صورة واحدة، وتبقى بلا إجابة. يُرجى ذكر ذلك عند إعادة المجلد.</numerusform>
                <numerusform>تعذر عرض صورتين، وتبقيان بلا إجابة. يُرجى ذكر ذلك عند إعادة المجلد.</numerusform>
                <numerusform>تعذر عرض {count} صور، وتبقى بلا إجابة. يُرجى ذكر ذلك عند إعادة المجلد.</numerusform>
                <numerusform>تعذر عرض {count} صورة، وتبقى بلا إجابة. يُرجى ذكر ذلك عند إعادة المجلد.</numerusform>
                <numerusform>تعذر عرض {count} صورة، وتبقى بلا إجابة. يُرجى ذكر ذلك عند إعادة المجلد.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.several</name>
        <message>
            <source>Click the person you mean</source>
            <translation>النقر على الشخص المقصود</translation>
        </message>
        <message>
            <source>Person {number}, from the left</source>
            <translation>الشخص {number} من اليسار</translation>
        </message>
        <message>
            <source>{count} pictures. Are they one person in one stance, taken again and again, or different?</source>
            <translation>عدد الصور: {count}. هل هي لشخص واحد بوقفة واحدة أُعيد تصويرها، أم مختلفة؟</translation>
        </message>
        <message>
            <source>One person, one stance</source>
            <translation>شخص واحد، وقفة واحدة</translation>
        </message>
        <message>
            <source>Different</source>
            <translation>مختلفة</translation>
        </message>
        <message>
            <source>They become one check, which is surer than a single picture.</source>
            <translation>تصير قياسًا واحدًا، وهو أكثر تأكيدًا من صورة مفردة.</translation>
        </message>
        <message>
            <source>They are one stance</source>
            <translation>هي وقفة واحدة</translation>
        </message>
        <message>
            <source>They are different</source>
            <translation>هي مختلفة</translation>
        </message>
        <message>
            <source>Each becomes a check of its own, and you choose whose.</source>
            <translation>تصير كل منها قياسًا مستقلًّا، ويُختار صاحبه.</translation>
        </message>
        <message>
            <source>{count} pictures</source>
            <translation>صور عددها {count}</translation>
        </message>
        <message>
            <source>{count} pictures in “{folder}”</source>
            <translation>الصور في «{folder}»: {count}</translation>
        </message>
        <message>
            <source>Only the first {count} are taken, in the order of their names; {left} are left out.</source>
            <translation>تؤخذ الصور الأولى فقط ({count}) بترتيب أسمائها، وما تُرك: {left}.</translation>
        </message>
        <message>
            <source>There is no picture in this folder. Choose one with photographs in it.</source>
            <translation>لا صور في هذا المجلد. يُرجى اختيار مجلد فيه صور.</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>في الانتظار</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>جارٍ القياس…</translation>
        </message>
        <message>
            <source>{said}
Saved</source>
            <translation>{said}
حُفظ</translation>
        </message>
        <message>
            <source>{said} Open it to choose one.</source>
            <translation>{said} يُرجى فتحها لاختيار أحدهم.</translation>
        </message>
        <message>
            <source>{done} of {count}</source>
            <translation>{done} من {count}</translation>
        </message>
        <message>
            <source>{measured} measured, {refused} without a number.</source>
            <translation>ما قيس: {measured}، وما لا رقم له: {refused}.</translation>
        </message>
        <message>
            <source>All are measured.</source>
            <translation>قيست كلها.</translation>
        </message>
        <message>
            <source>{count} pictures of one stance</source>
            <translation>صور لوقفة واحدة: {count}</translation>
        </message>
        <message>
            <source>The middle of {count} pictures, which lie {apart}.</source>
            <translation>الأوسط من الصور ({count})، والفرق بينها {apart}.</translation>
        </message>
        <message>
            <source>up to {range}° apart</source>
            <translation>يصل إلى {range}°</translation>
        </message>
        <message>
            <source>less than 1° apart</source>
            <translation>أقل من 1°</translation>
        </message>
        <message>
            <source>{source} is {off}° off the middle: look at it, or leave it out.</source>
            <translation>‏{source} بعيدة عن الأوسط بمقدار {off}°: يُرجى النظر فيها أو استبعادها.</translation>
        </message>
        <message>
            <source>{left} did not count.</source>
            <translation>ما لم يُحتسب: {left}.</translation>
        </message>
        <message>
            <source>A change of {change}° or more counts.</source>
            <translation>التغيّر ذو المعنى: {change}° أو أكثر.</translation>
        </message>
        <message>
            <source>The result comes when all pictures are measured.</source>
            <translation>تظهر النتيجة بعد قياس الصور كلها.</translation>
        </message>
        <message>
            <source>Save all ({count})</source>
            <translation>حفظ الكل ({count})</translation>
        </message>
        <message numerus="yes">
            <source>Saved {count} checks</source>
            <translation>
                <numerusform>لم يُحفظ أي قياس</numerusform>
                <numerusform>حُفظ قياس واحد</numerusform>
                <numerusform>حُفظ قياسان</numerusform>
                <numerusform>حُفظت {count} قياسات</numerusform>
                <numerusform>حُفظ {count} قياسًا</numerusform>
                <numerusform>حُفظ {count} قياس</numerusform>
            </translation>
        </message>
        <message>
            <source>{kept} of {count} checks were saved. {why}</source>
            <translation>القياسات المحفوظة: {kept} من {count}. {why}</translation>
        </message>
    </context>
    <context>
        <name>app.text.share</name>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>برنامج Beltline فحص ذاتي للعافية، وليس جهازًا طبيًّا: للتشخيص تُرجى مراجعة اختصاصي العلاج الطبيعي.</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>مشاركة</translation>
        </message>
        <message>
            <source>Copy, save or print this result</source>
            <translation>نسخ هذه النتيجة أو حفظها أو طباعتها</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>نسخ</translation>
        </message>
        <message>
            <source>Save picture…</source>
            <translation>حفظ الصورة…</translation>
        </message>
        <message>
            <source>Print…</source>
            <translation>طباعة…</translation>
        </message>
        <message>
            <source>Blur the face</source>
            <translation>تمويه الوجه</translation>
        </message>
        <message>
            <source>Beltline could not find every face in the picture, so it was not shared. If the faces may be seen, switch off “Blur the face” in the Share menu.</source>
            <translation>لم يتمكن Beltline من إيجاد كل الوجوه في الصورة، فلم تُشارَك. إن كان لا بأس برؤية الوجوه، فيمكن إيقاف «تمويه الوجه» في قائمة المشاركة.</translation>
        </message>
        <message>
            <source>Copied: the words, and the picture.</source>
            <translation>نُسخ: النص والصورة.</translation>
        </message>
        <message>
            <source>Copied: the words. No picture was kept with this check.</source>
            <translation>نُسخ: النص. لم تُحفظ صورة مع هذا القياس.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>حُفظ باسم {name}.</translation>
        </message>
        <message>
            <source>Sent to the printer.</source>
            <translation>أُرسل إلى الطابعة.</translation>
        </message>
        <message>
            <source>The printer did not take it. Look whether it is switched on, then try again.</source>
            <translation>لم تقبله الطابعة. يُرجى التحقق من أنها مشغّلة ثم المحاولة مجددًا.</translation>
        </message>
        <message>
            <source>check_{day}.png</source>
            <translation>qiyas_{day}.png</translation>
        </message>
        <message>
            <source>Picture (*.png)</source>
            <translation>صورة (*.png)</translation>
        </message>
        <message>
            <source>Smaller picture (*.jpg *.jpeg)</source>
            <translation>صورة أصغر (*.jpg *.jpeg)</translation>
        </message>
    </context>
    <context>
        <name>app.text.squeeze</name>
        <message>
            <source>Squeeze test</source>
            <translation>اختبار الشدّ</translation>
        </message>
        <message>
            <source>Squeeze tests</source>
            <translation>اختبارات الشدّ</translation>
        </message>
        <message>
            <source>Result of the squeeze test</source>
            <translation>نتيجة اختبار الشدّ</translation>
        </message>
        <message>
            <source>{angle}° back ({interval})</source>
            <translation>{angle}° إلى الخلف ({interval})</translation>
        </message>
        <message>
            <source>{angle}° forward ({interval})</source>
            <translation>{angle}° إلى الأمام ({interval})</translation>
        </message>
        <message>
            <source>Turned back {angle}° on squeezing (likely {interval})</source>
            <translation>دار الحوض إلى الخلف {angle}° عند الشدّ (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Turned forward {angle}° on squeezing (likely {interval})</source>
            <translation>دار الحوض إلى الأمام {angle}° عند الشدّ (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>Turned by less than 1° on squeezing (likely {interval})</source>
            <translation>دار الحوض أقل من 1° عند الشدّ (على الأرجح {interval})</translation>
        </message>
        <message>
            <source>That is more than a pelvis moves by itself in somebody who stands still.</source>
            <translation>هذا أكثر مما يتحرك الحوض من تلقاء نفسه لدى من يقف دون حركة.</translation>
        </message>
        <message>
            <source>That is no more than a pelvis moves by itself in somebody who stands still, so it may be chance.</source>
            <translation>لا يزيد هذا على ما يتحرك الحوض من تلقاء نفسه لدى من يقف دون حركة، فقد يكون مصادفة.</translation>
        </message>
        <message>
            <source>more than standing still varies</source>
            <translation>أكثر من تفاوت الوقوف دون حركة</translation>
        </message>
        <message>
            <source>may be chance</source>
            <translation>قد يكون مصادفة</translation>
        </message>
        <message>
            <source>A real turn</source>
            <translation>دوران حقيقي</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>نعم</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>كل منها على حدة: {angles}.</translation>
        </message>
        <message>
            <source>This shows whether the pelvis turned when you squeezed, not how strong a muscle is. If something troubles you, ask a physiotherapist.</source>
            <translation>يُظهر هذا هل دار الحوض عند الشدّ، لا مدى قوة عضلة ما. وعند أي شكوى يُسأل اختصاصي العلاج الطبيعي.</translation>
        </message>
        <message>
            <source>Could you squeeze both sides of your buttocks together?</source>
            <translation>هل أمكن شدّ الأليتين معًا؟</translation>
        </message>
        <message>
            <source>Could you squeeze the left side alone?</source>
            <translation>هل أمكن شدّ الجانب الأيسر وحده؟</translation>
        </message>
        <message>
            <source>Could you squeeze the right side alone?</source>
            <translation>هل أمكن شدّ الجانب الأيمن وحده؟</translation>
        </message>
        <message>
            <source>Could you squeeze your buttocks?</source>
            <translation>هل أمكن شدّ الأليتين؟</translation>
        </message>
        <message>
            <source>Both together</source>
            <translation>الجانبان معًا</translation>
        </message>
        <message>
            <source>Left alone</source>
            <translation>الأيسر وحده</translation>
        </message>
        <message>
            <source>Right alone</source>
            <translation>الأيمن وحده</translation>
        </message>
        <message>
            <source>partly</source>
            <translation>جزئيًّا</translation>
        </message>
        <message>
            <source>no</source>
            <translation>لا</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>لم يُذكر</translation>
        </message>
        <message>
            <source>Could squeeze both sides: {both}; the left alone: {left}; the right alone: {right}.</source>
            <translation>إمكان شدّ الجانبين معًا: {both}؛ الأيسر وحده: {left}؛ الأيمن وحده: {right}.</translation>
        </message>
        <message>
            <source>Newest squeeze test, {when}: {turned}, {noise}. {answers}</source>
            <translation>أحدث اختبار شدّ، {when}: {turned}، {noise}. {answers}</translation>
        </message>
        <message>
            <source>Newest, {when}: {turned} on squeezing</source>
            <translation>الأحدث، {when}: {turned} عند الشدّ</translation>
        </message>
        <message>
            <source>Squeeze tests ({count})</source>
            <translation>اختبارات الشدّ ({count})</translation>
        </message>
        <message>
            <source>back</source>
            <translation>إلى الخلف</translation>
        </message>
        <message>
            <source>forward</source>
            <translation>إلى الأمام</translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>لا اختبارات شدّ</numerusform>
                <numerusform>اختبار شدّ واحد</numerusform>
                <numerusform>اختبارا شدّ</numerusform>
                <numerusform>{count} اختبارات شدّ</numerusform>
                <numerusform>{count} اختبار شدّ</numerusform>
                <numerusform>{count} اختبار شدّ</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pictures</name>
        <message>
            <source>Somebody stands upright, seen from behind, and tightens both buttocks.</source>
            <translation>شخص يقف منتصبًا، منظورًا من الخلف، ويشدّ الأليتين معًا.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with bent knees and feet on the floor, and lifts the hips until shoulders, hips and knees are in line.</source>
            <translation>شخص مستلقٍ على ظهره، ركبتاه مثنيتان وقدماه على الأرض، يرفع الوركين حتى تصير الكتفان والوركان والركبتان على خط واحد.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with one foot on the floor and the other leg stretched out, lifts the hips and holds them up.</source>
            <translation>شخص مستلقٍ على ظهره، إحدى قدميه على الأرض وساقه الأخرى ممدودة، يرفع الوركين ويبقيهما مرفوعين.</translation>
        </message>
        <message>
            <source>Somebody lies on their side with straight legs and lifts the upper leg.</source>
            <translation>شخص مستلقٍ على جنبه وساقاه مستقيمتان، يرفع الساق العليا.</translation>
        </message>
    </context>
    <context>
        <name>guidance</name>
        <message>
            <source>No real change since {since}.</source>
            <translation>لا تغيّر حقيقيًّا منذ {since}.</translation>
        </message>
        <message>
            <source>{difference}° {way} in front than {then}: a real change, if the clothes sat alike.</source>
            <translation>المقدمة {way} بمقدار {difference}° مما كانت {then}: تغيّر حقيقي، إن كان موضع الملابس كما هو.</translation>
        </message>
        <message>
            <source>{difference}° further {way} than {then}: a real change.</source>
            <translation>الميل {way} أكثر بمقدار {difference}° مما كان {then}: تغيّر حقيقي.</translation>
        </message>
        <message>
            <source>Your first check of this kind. The next one can be compared with it.</source>
            <translation>أول قياس لكم من هذا النوع. يمكن مقارنة القياس التالي به.</translation>
        </message>
        <message>
            <source>{fix} Then check again.</source>
            <translation>{fix} ثم إعادة القياس.</translation>
        </message>
        <message>
            <source>Check again on another day before you make anything of the change.</source>
            <translation>القياس مجددًا في يوم آخر قبل استنتاج أي شيء من التغيّر.</translation>
        </message>
        <message>
            <source>Can you squeeze each side of your buttocks by itself? Try it.</source>
            <translation>هل يمكن شدّ كل ألية وحدها؟ يمكن تجربة ذلك.</translation>
        </message>
        <message>
            <source>The angle of your belt line, as in a mirror. It is not the tilt of your pelvis.</source>
            <translation>زاوية خط الحزام، كما في المرآة. وهي ليست ميل الحوض.</translation>
        </message>
        <message>
            <source>Measured between the two bony points that were marked, and as exact as they are.</source>
            <translation>قيس بين النتوءين العظميين المعلَّمين، ودقته من دقة موضعهما.</translation>
        </message>
        <message>
            <source>Measured between two stickers, and as exact as the places where they were stuck.</source>
            <translation>قيس بين ملصقين، ودقته من دقة موضع لصقهما.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body and from what your calibration showed of your bones.</source>
            <translation>قُدّر من حدود الجسم ومما بيّنته المعايرة عن العظام.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body.</source>
            <translation>قُدّر من حدود الجسم.</translation>
        </message>
        <message>
            <source>Forward means that the front of the pelvis, the bowl of bone between your hips, is lower than the back.</source>
            <translation>«إلى الأمام» يعني أن مقدمة الحوض، وهو وعاء العظم بين الوركين، أخفض من مؤخرته.</translation>
        </message>
        <message>
            <source>Clothes and belly shift it too, so compare it only in the same clothes.</source>
            <translation>الملابس والبطن يغيّرانه أيضًا، لذا لا يُقارن إلا بالملابس نفسها.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward; this lies within that.</source>
            <translation>معظم من لا ألم لديهم يميل حوضهم نحو 3 إلى 20° إلى الأمام، وهذا ضمن ذلك.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is more; bones alone can explain it.</source>
            <translation>معظم من لا ألم لديهم يميل حوضهم نحو 3 إلى 20° إلى الأمام. هذا أكثر، ويمكن أن تفسّره العظام وحدها.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is less; bones alone can explain it.</source>
            <translation>معظم من لا ألم لديهم يميل حوضهم نحو 3 إلى 20° إلى الأمام. هذا أقل، ويمكن أن تفسّره العظام وحدها.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is the other way; bones or stance alone can explain it.</source>
            <translation>معظم من لا ألم لديهم يميل حوضهم نحو 3 إلى 20° إلى الأمام. هذا في الاتجاه الآخر، ويمكن أن تفسّره العظام أو الوقفة وحدها.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photo shows the shape of your bones. Calibrating once narrows it. Changes show more clearly.</source>
            <translation>المجال المرجّح واسع لأن الصورة لا تُظهر شكل العظام. المعايرة مرة واحدة تضيّقه، والتغيّرات تظهر أوضح.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way. Whether a change matters, a number alone cannot say.</source>
            <translation>«المرة السابقة» هي آخر قياس لكم بالطريقة نفسها. لا يستطيع رقم وحده أن يقول هل للتغيّر أهمية.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>«المرة السابقة» هي آخر قياس لكم بالطريقة نفسها. أقل من {smallest}° بين صورتين ليس تغيّرًا حقيقيًّا.</translation>
        </message>
        <message>
            <source>Compare it only with your own checks, measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>لا يُقارن إلا بقياساتكم التي أُجريت بالطريقة نفسها. أقل من {smallest}° بين صورتين ليس تغيّرًا حقيقيًّا.</translation>
        </message>
        <message>
            <source>It does not tell good from bad, does not explain pain, and proves nothing about how well your muscles work.</source>
            <translation>لا يميّز الجيد من السيئ، ولا يفسّر الألم، ولا يثبت شيئًا عن كفاءة عمل العضلات.</translation>
        </message>
        <message>
            <source>It is not a medical measurement: the range was checked on computer-made bodies, not on people.</source>
            <translation>ليس قياسًا طبيًّا: فُحص المجال على أجسام مُنشأة بالحاسوب، لا على بشر.</translation>
        </message>
        <message>
            <source>Your hips were ahead of your feet and your upper body leaned back (sway-back). That can hide a forward tilt, so the number may be too low.</source>
            <translation>كان الوركان أمام القدمين والجذع مائلًا إلى الخلف (sway-back). قد يخفي ذلك ميلًا إلى الأمام، فقد يكون الرقم أقل من الواقع.</translation>
        </message>
        <message>
            <source>Your knees were pushed back beyond straight, which can turn the pelvis. Compare this check only with others in which you stood like that.</source>
            <translation>كانت الركبتان ممدودتين إلى الخلف أكثر من الاستقامة، وهذا قد يدير الحوض. لا يُقارن هذا القياس إلا بقياسات بالوقفة نفسها.</translation>
        </message>
        <message>
            <source>Your head was well ahead of your shoulders. Look straight ahead each time: it changes how you stand.</source>
            <translation>كان الرأس متقدمًا بوضوح على الكتفين. يُرجى النظر إلى الأمام مباشرة كل مرة، فذلك يغيّر الوقفة.</translation>
        </message>
        <message>
            <source>Tighter clothes, two stickers or marked points narrow the likely range.</source>
            <translation>ملابس أضيق أو ملصقان أو نقطتان معلَّمتان تضيّق المجال المرجّح.</translation>
        </message>
        <message>
            <source>A belt line that is lower in front may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>انخفاض مقدمة خط الحزام قد يكون علامة على أن عضلات الأليتين لم تعد تنشط بانتظام، عادةً بعد جلوس كثير. لم تثبت ذلك أي دراسة، لذا يُستحسن اختبارها: هل يمكن شدّ الجانبين معًا، وكل منهما وحده؟ تمارين الجسر ورفع الساق تدرّب ذلك.</translation>
        </message>
        <message>
            <source>Standing tilted forward may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>الوقوف بميل إلى الأمام قد يكون علامة على أن عضلات الأليتين لم تعد تنشط بانتظام، عادةً بعد جلوس كثير. لم تثبت ذلك أي دراسة، لذا يُستحسن اختبارها: هل يمكن شدّ الجانبين معًا، وكل منهما وحده؟ تمارين الجسر ورفع الساق تدرّب ذلك.</translation>
        </message>
        <message>
            <source>Whatever the number: can you squeeze both sides of your buttocks, and each by itself? Bridges and leg lifts train that.</source>
            <translation>أيًّا كان الرقم: هل يمكن شدّ الأليتين معًا، وكل منهما وحدها؟ تمارين الجسر ورفع الساق تدرّب ذلك.</translation>
        </message>
        <message>
            <source>Sit less: stand up and walk for a few minutes every hour.</source>
            <translation>تقليل الجلوس: النهوض والمشي بضع دقائق كل ساعة.</translation>
        </message>
        <message>
            <source>With pain or doubts, see a physiotherapist.</source>
            <translation>عند الألم أو الشك تُرجى مراجعة اختصاصي العلاج الطبيعي.</translation>
        </message>
        <message>
            <source>Numbness or tingling between the legs, where you would sit on a saddle.</source>
            <translation>خدر أو تنميل بين الساقين، في موضع الجلوس على السرج.</translation>
        </message>
        <message>
            <source>New trouble with passing or holding urine or stool.</source>
            <translation>مشكلة جديدة في إخراج البول أو البراز أو في حبسهما.</translation>
        </message>
        <message>
            <source>A leg or foot that is very weak, or weakness that is spreading.</source>
            <translation>ساق أو قدم ضعيفة جدًّا، أو ضعف آخذ في الانتشار.</translation>
        </message>
        <message>
            <source>Pain that runs down both legs.</source>
            <translation>ألم يمتد إلى أسفل الساقين كلتيهما.</translation>
        </message>
        <message>
            <source>A bad fall, accident or other major injury lately.</source>
            <translation>سقطة شديدة أو حادث أو إصابة كبيرة أخرى حديثًا.</translation>
        </message>
        <message>
            <source>Fever, or feeling ill altogether.</source>
            <translation>حمّى، أو شعور عام بالمرض.</translation>
        </message>
        <message>
            <source>Cancer, now or in the past.</source>
            <translation>سرطان، الآن أو في الماضي.</translation>
        </message>
        <message>
            <source>Losing weight without knowing why.</source>
            <translation>نقص في الوزن من دون سبب معروف.</translation>
        </message>
        <message>
            <source>Pain at night that does not let up in any position.</source>
            <translation>ألم ليلي لا يخف في أي وضعية.</translation>
        </message>
        <message>
            <source>Osteoporosis (thin bones), or steroid medicines for months.</source>
            <translation>هشاشة العظام، أو أدوية ستيرويدية لعدة أشهر.</translation>
        </message>
        <message>
            <source>You cannot put your weight on one of your legs.</source>
            <translation>تعذر الوقوف بثقل الجسم على إحدى الساقين.</translation>
        </message>
        <message>
            <source>A hot, swollen joint.</source>
            <translation>مفصل ساخن ومتورم.</translation>
        </message>
        <message>
            <source>You are pregnant.</source>
            <translation>حمل.</translation>
        </message>
        <message>
            <source>An operation within the last months.</source>
            <translation>عملية جراحية في الأشهر الأخيرة.</translation>
        </message>
        <message>
            <source>An artificial hip.</source>
            <translation>مفصل ورك صناعي.</translation>
        </message>
        <message>
            <source>Please get help now</source>
            <translation>يُرجى طلب المساعدة الآن</translation>
        </message>
        <message>
            <source>Call the emergency number (112, 999 or 911, depending on your country) or go to an emergency department.</source>
            <translation>الاتصال برقم الطوارئ (112 أو 999 أو 911 بحسب البلد) أو الذهاب إلى قسم الطوارئ.</translation>
        </message>
        <message>
            <source>Now. Do not wait until it passes, even if it hardly hurts.</source>
            <translation>الآن، من دون انتظار زوال الأعراض، حتى لو كان الألم يكاد لا يُذكر.</translation>
        </message>
        <message>
            <source>Exercises stay closed here until you answer the questions again.</source>
            <translation>تبقى التمارين مغلقة هنا حتى الإجابة عن الأسئلة من جديد.</translation>
        </message>
        <message>
            <source>Please see a doctor first</source>
            <translation>تُرجى استشارة طبيب أولًا</translation>
        </message>
        <message>
            <source>Call your doctor and say what you have ticked.</source>
            <translation>الاتصال بالطبيب وذكر ما حُدِّد هنا.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it gets worse.</source>
            <translation>خلال الأيام القادمة، وفورًا إن ساءت الحال.</translation>
        </message>
        <message>
            <source>Please ask first</source>
            <translation>يُرجى السؤال أولًا</translation>
        </message>
        <message>
            <source>Ask your doctor, midwife or physiotherapist whether bridges and leg lifts are right for you.</source>
            <translation>سؤال الطبيب أو القابلة أو اختصاصي العلاج الطبيعي هل تناسبكم تمارين الجسر ورفع الساق.</translation>
        </message>
        <message>
            <source>Before you begin; there is no hurry.</source>
            <translation>قبل البدء، ولا داعي للعجلة.</translation>
        </message>
        <message>
            <source>When they say that you may, say so here.</source>
            <translation>بعد الحصول على الموافقة، يُذكر ذلك هنا.</translation>
        </message>
        <message>
            <source>You can begin</source>
            <translation>يمكن البدء</translation>
        </message>
        <message>
            <source>None of your answers speaks against these exercises.</source>
            <translation>لا شيء في الإجابات يمنع هذه التمارين.</translation>
        </message>
        <message>
            <source>If anything hurts, stop and press “This hurts”.</source>
            <translation>عند أي ألم: التوقف والضغط على «هذا مؤلم».</translation>
        </message>
        <message>
            <source>You will be asked again in four weeks.</source>
            <translation>ستُطرح الأسئلة مجددًا بعد أربعة أسابيع.</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>التوقف هنا</translation>
        </message>
        <message>
            <source>Stay in a position that is comfortable. If the pain goes away, leave this exercise out today. If it comes back or stays, ask a physiotherapist or your doctor.</source>
            <translation>البقاء في وضعية مريحة. إن زال الألم فيُترك هذا التمرين اليوم. وإن عاد أو استمر فيُسأل اختصاصي العلاج الطبيعي أو الطبيب.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it is strong or follows a fall. With numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, or pain in both legs, call the emergency number now (112, 999 or 911, depending on your country).</source>
            <translation>خلال الأيام القادمة، وفورًا إن كان شديدًا أو بعد سقطة. وعند خدر بين الساقين، أو مشكلة جديدة في المثانة أو الأمعاء، أو ساق تضعف، أو ألم في الساقين كلتيهما: الاتصال برقم الطوارئ الآن (112 أو 999 أو 911 بحسب البلد).</translation>
        </message>
        <message>
            <source>Muscles that ache a little on the next day are usual. Sharp pain, or pain that runs into a leg, is not.</source>
            <translation>وجع خفيف في العضلات في اليوم التالي أمر معتاد. أما الألم الحاد، أو الألم الذي يمتد إلى الساق، فليس كذلك.</translation>
        </message>
        <message>
            <source>Can you squeeze at will?</source>
            <translation>هل يمكن الشدّ إراديًّا؟</translation>
        </message>
        <message>
            <source>Stand relaxed, feet as wide as your hips, one hand on each buttock.</source>
            <translation>الوقوف باسترخاء، والقدمان بعرض الوركين، ويد على كل ألية.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks for five seconds. The thighs stay loose, and you go on breathing.</source>
            <translation>شدّ الأليتين خمس ثوانٍ، والفخذان مرتخيان، مع مواصلة التنفس.</translation>
        </message>
        <message>
            <source>Then the left one alone, then the right one alone.</source>
            <translation>ثم اليسرى وحدها، ثم اليمنى وحدها.</translation>
        </message>
        <message>
            <source>Yes: you feel it get firm under your hand and can hold it. Partly: it flickers, or the other side or the thigh joins in. No: nothing happens.</source>
            <translation>نعم: تتصلب تحت اليد ويمكن إبقاؤها كذلك. جزئيًّا: يتقطع الشدّ، أو يشارك الجانب الآخر أو الفخذ. لا: لا يحدث شيء.</translation>
        </message>
        <message>
            <source>It shows what you feel today, no more. Many people can squeeze one side less well than the other.</source>
            <translation>يُظهر ما يُحسّ به اليوم، لا أكثر. كثير من الناس يشدّون جانبًا أقل من الآخر.</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>استشارة مختص</translation>
        </message>
        <message>
            <source>When it is worth it</source>
            <translation>متى يستحق الأمر</translation>
        </message>
        <message>
            <source>Pain that stays for some weeks, comes back, or keeps you from something you want to do.</source>
            <translation>ألم يستمر بضعة أسابيع، أو يعود، أو يمنع من شيء تريدون فعله.</translation>
        </message>
        <message>
            <source>You cannot squeeze one side at all, even after two or three weeks of trying.</source>
            <translation>تعذر شدّ أحد الجانبين تمامًا، حتى بعد أسبوعين أو ثلاثة من المحاولة.</translation>
        </message>
        <message>
            <source>You want to know what a number on a screen cannot tell: for a diagnosis somebody has to examine you.</source>
            <translation>الرغبة في معرفة ما لا يقوله رقم على شاشة: فالتشخيص يحتاج إلى فحص.</translation>
        </message>
        <message>
            <source>When not to wait</source>
            <translation>متى لا يُنتظر</translation>
        </message>
        <message>
            <source>Numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, pain in both legs: call the emergency number now.</source>
            <translation>خدر بين الساقين، أو مشكلة جديدة في المثانة أو الأمعاء، أو ساق تضعف، أو ألم في الساقين كلتيهما: الاتصال برقم الطوارئ الآن.</translation>
        </message>
        <message>
            <source>After a bad fall, with fever, after a cancer, with weight loss that you cannot explain, pain at night that never lets up, thin bones or months of steroid medicines, a hot swollen joint, or a leg that cannot carry you: call a doctor first.</source>
            <translation>بعد سقطة شديدة، أو مع حمّى، أو بعد سرطان، أو مع نقص وزن غير مفسَّر، أو ألم ليلي لا يخف أبدًا، أو هشاشة العظام أو أشهر من الأدوية الستيرويدية، أو مفصل ساخن متورم، أو ساق لا تحمل الجسم: الاتصال بطبيب أولًا.</translation>
        </message>
        <message>
            <source>What is known, and what is not</source>
            <translation>ما هو معروف وما ليس معروفًا</translation>
        </message>
        <message>
            <source>That the muscles of the buttocks “switch off” after much sitting is what physiotherapists observe. It is not an established medical condition, and no study shows that tilt proves anything about these muscles.</source>
            <translation>أن عضلات الأليتين «تنطفئ» بعد جلوس كثير هو ما يلاحظه اختصاصيو العلاج الطبيعي. وليس ذلك حالة طبية مثبتة، ولا دراسة تُظهر أن الميل يثبت شيئًا عن هذه العضلات.</translation>
        </message>
        <message>
            <source>The shape of the bones alone makes people differ by more than 20°.</source>
            <translation>شكل العظام وحده يجعل الناس يختلفون بأكثر من 20°.</translation>
        </message>
        <message>
            <source>Tilt hardly moves: in trials exercise and stretching changed it by 1 to 2° at most. What you can win is strength and the habit of moving.</source>
            <translation>الميل لا يكاد يتغيّر: في التجارب غيّرته التمارين والإطالة بمقدار 1 إلى 2° على الأكثر. ما يمكن كسبه هو القوة وعادة الحركة.</translation>
        </message>
        <message>
            <source>What to bring</source>
            <translation>ما يُحضَر</translation>
        </message>
        <message>
            <source>The PDF report: your checks with their likely ranges, your self-checks, and what you have done so far.</source>
            <translation>تقرير PDF: القياسات مع مجالاتها المرجّحة، والفحوص الذاتية، وما أُنجز حتى الآن.</translation>
        </message>
        <message>
            <source>Letters and pictures of earlier examinations, and a list of your medicines.</source>
            <translation>رسائل وصور من فحوص سابقة، وقائمة بالأدوية.</translation>
        </message>
        <message>
            <source>Shorts and a top in which your back and hips can be seen.</source>
            <translation>سروال قصير وقميص يظهر معهما الظهر والوركان.</translation>
        </message>
        <message>
            <source>What to say</source>
            <translation>ما يُقال</translation>
        </message>
        <message>
            <source>Where it hurts or feels weak, since when, what makes it worse and what eases it.</source>
            <translation>موضع الألم أو الضعف، ومنذ متى، وما يزيده وما يخففه.</translation>
        </message>
        <message>
            <source>How long you sit on a usual day, and what sport you do.</source>
            <translation>مدة الجلوس في يوم عادي، والرياضة التي تمارسونها.</translation>
        </message>
        <message>
            <source>What you want to be able to do again.</source>
            <translation>ما تريدون أن تستطيعوا فعله من جديد.</translation>
        </message>
        <message>
            <source>What to ask</source>
            <translation>ما يُسأل عنه</translation>
        </message>
        <message>
            <source>What do you find, and how sure are you of it?</source>
            <translation>ماذا وجدتم، وما مدى تأكدكم منه؟</translation>
        </message>
        <message>
            <source>Which two or three exercises matter most, how often, and until when?</source>
            <translation>أي تمرينين أو ثلاثة هي الأهم، وكم مرة، وإلى متى؟</translation>
        </message>
        <message>
            <source>How will I notice if I do too much?</source>
            <translation>كيف ألاحظ أنني أُجهد نفسي؟</translation>
        </message>
        <message>
            <source>How to find one</source>
            <translation>كيفية إيجاد مختص</translation>
        </message>
        <message>
            <source>Look for somebody with a state licence or registration; the public register of your country lists them, and your doctor or health insurer can name some.</source>
            <translation>البحث عن شخص لديه ترخيص أو تسجيل رسمي. السجل العام في بلدكم يورد أسماءهم، ويستطيع الطبيب أو شركة التأمين الصحي ذكر بعضهم.</translation>
        </message>
        <message>
            <source>A good first visit begins with questions and an examination, not with a device.</source>
            <translation>الزيارة الأولى الجيدة تبدأ بالأسئلة والفحص، لا بجهاز.</translation>
        </message>
        <message>
            <source>A list of exercises that you are given can be typed in on the Exercises page.</source>
            <translation>يمكن إدخال قائمة التمارين التي تحصلون عليها في صفحة التمارين.</translation>
        </message>
        <message>
            <source>Buttock squeeze</source>
            <translation>شدّ الأليتين</translation>
        </message>
        <message>
            <source>Helps you find the muscles again, anywhere and in any clothes.</source>
            <translation>يساعد على إيجاد العضلات من جديد، في أي مكان وبأي ملابس.</translation>
        </message>
        <message>
            <source>Stand, or lie face down, and let your thighs go loose.</source>
            <translation>الوقوف أو الاستلقاء على البطن، مع إرخاء الفخذين.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks and hold for five seconds, breathing on.</source>
            <translation>شدّ الأليتين والثبات خمس ثوانٍ مع مواصلة التنفس.</translation>
        </message>
        <message>
            <source>Let go entirely. Later: left side alone, then right side alone.</source>
            <translation>الإرخاء تمامًا. لاحقًا: الجانب الأيسر وحده، ثم الأيمن وحده.</translation>
        </message>
        <message>
            <source>Holding your breath.</source>
            <translation>حبس النفَس.</translation>
        </message>
        <message>
            <source>Thighs or belly tense up instead.</source>
            <translation>شدّ الفخذين أو البطن بدلًا من الأليتين.</translation>
        </message>
        <message>
            <source>Not letting go between two squeezes.</source>
            <translation>عدم الإرخاء بين شدّتين.</translation>
        </message>
        <message>
            <source>Bridge</source>
            <translation>الجسر</translation>
        </message>
        <message>
            <source>Loads the buttocks and little else.</source>
            <translation>يركّز الحمل على الأليتين دون غيرهما تقريبًا.</translation>
        </message>
        <message>
            <source>from the side, from two to three metres away, close to the floor</source>
            <translation>من الجانب، على بعد مترين إلى ثلاثة أمتار، قرب الأرض</translation>
        </message>
        <message>
            <source>Lie on your back, knees bent, feet flat on the floor, as wide as your hips.</source>
            <translation>الاستلقاء على الظهر، والركبتان مثنيتان، والقدمان منبسطتان على الأرض بعرض الوركين.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks first, then lift your hips until knees, hips and shoulders are in one line.</source>
            <translation>شدّ الأليتين أولًا، ثم رفع الوركين حتى تصير الركبتان والوركان والكتفان على خط واحد.</translation>
        </message>
        <message>
            <source>Hold for a moment, lower slowly, and come to rest before the next one.</source>
            <translation>الثبات لحظة، ثم الإنزال ببطء، والاستقرار قبل التكرار التالي.</translation>
        </message>
        <message>
            <source>Arching the lower back at the top: stop when the line is straight.</source>
            <translation>تقويس أسفل الظهر في الأعلى: التوقف حين يستقيم الخط.</translation>
        </message>
        <message>
            <source>Feet too close or too far away: at the top the knees form a right angle, or one a little wider.</source>
            <translation>القدمان قريبتان أو بعيدتان أكثر من اللازم: في الأعلى تكوّن الركبتان زاوية قائمة أو أوسع قليلًا.</translation>
        </message>
        <message>
            <source>Pushing from the back of the thighs: think of the buttocks.</source>
            <translation>الدفع بعضلات خلف الفخذين: التركيز على الأليتين.</translation>
        </message>
        <message>
            <source>Single-leg bridge</source>
            <translation>الجسر بساق واحدة</translation>
        </message>
        <message>
            <source>Each side works by itself, once the bridge has become easy.</source>
            <translation>يعمل كل جانب وحده، بعد أن يصير تمرين الجسر سهلًا.</translation>
        </message>
        <message>
            <source>Come up into a bridge on both feet.</source>
            <translation>الصعود إلى وضع الجسر على القدمين كلتيهما.</translation>
        </message>
        <message>
            <source>Stretch one leg out in line with your body, and keep both hip bones level.</source>
            <translation>مدّ إحدى الساقين على استقامة الجسم، مع إبقاء عظمي الورك على مستوى واحد.</translation>
        </message>
        <message>
            <source>Hold. Stop as soon as the hip sinks, and change sides.</source>
            <translation>الثبات. التوقف حالما يهبط الورك، ثم تبديل الجانب.</translation>
        </message>
        <message>
            <source>The hip of the free leg sinks: put the foot down again.</source>
            <translation>هبوط ورك الساق الحرة: إنزال القدم من جديد.</translation>
        </message>
        <message>
            <source>Arching the lower back.</source>
            <translation>تقويس أسفل الظهر.</translation>
        </message>
        <message>
            <source>Side-lying leg lift</source>
            <translation>رفع الساق على الجنب</translation>
        </message>
        <message>
            <source>Trains the side of the hip, which keeps the pelvis level when you walk.</source>
            <translation>يدرّب جانب الورك الذي يُبقي الحوض مستويًا عند المشي.</translation>
        </message>
        <message>
            <source>from the front or from your feet, a little to the front, so that it sees your face</source>
            <translation>من الأمام أو من جهة القدمين مع تقدّم قليل، بحيث ترى الوجه</translation>
        </message>
        <message>
            <source>Lie on your side, the lower leg a little bent, the upper one straight.</source>
            <translation>الاستلقاء على الجنب، والساق السفلى مثنية قليلًا، والعليا مستقيمة.</translation>
        </message>
        <message>
            <source>Lift the upper leg until the foot is some 40 to 50 cm up, the thigh slightly behind your body, toes pointing ahead.</source>
            <translation>رفع الساق العليا حتى ترتفع القدم نحو 40 إلى 50 سم، والفخذ خلف الجسم قليلًا، وأصابع القدم إلى الأمام.</translation>
        </message>
        <message>
            <source>Lower it slowly, and lift again before it comes to rest.</source>
            <translation>إنزالها ببطء، ثم رفعها مجددًا قبل أن تستقر.</translation>
        </message>
        <message>
            <source>The pelvis rolls backward.</source>
            <translation>تدحرج الحوض إلى الخلف.</translation>
        </message>
        <message>
            <source>The leg comes forward, so that the front of the hip does the work.</source>
            <translation>تقدّم الساق إلى الأمام، فتعمل مقدمة الورك بدلًا من جانبه.</translation>
        </message>
        <message>
            <source>Lifting too high: the thigh rises by 25 to 40°, no further.</source>
            <translation>الرفع أكثر من اللازم: يرتفع الفخذ 25 إلى 40°، لا أكثر.</translation>
        </message>
        <message>
            <source>1 set of {repetitions}</source>
            <translation>مجموعة واحدة، التكرارات {repetitions}</translation>
        </message>
        <message>
            <source>{sets} sets of {repetitions}</source>
            <translation>المجموعات {sets}، التكرارات {repetitions}</translation>
        </message>
        <message>
            <source>hold {hold} s</source>
            <translation>ثبات {hold} ث</translation>
        </message>
        <message>
            <source>1 hold of {hold} s</source>
            <translation>ثبات واحد مدته {hold} ث</translation>
        </message>
        <message>
            <source>{sets} holds of {hold} s</source>
            <translation>مرات الثبات {sets}، كل مرة {hold} ث</translation>
        </message>
        <message>
            <source>each side</source>
            <translation>لكل جانب</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there are {more} more repetitions.</source>
            <translation>أُنجز كل شيء في اليومين الأخيرين، لذا زادت التكرارات بمقدار {more}.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there is one more repetition.</source>
            <translation>أُنجز كل شيء في اليومين الأخيرين، لذا زاد تكرار واحد.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so hold {more} s longer.</source>
            <translation>أُنجز كل شيء في اليومين الأخيرين، لذا يطول الثبات {more} ث.</translation>
        </message>
        <message>
            <source>This has become easy. Next comes a band or a small weight; the repetitions start again.</source>
            <translation>صار هذا سهلًا. الخطوة التالية شريط مطاطي أو وزن صغير، وتبدأ التكرارات من جديد.</translation>
        </message>
        <message>
            <source>a band or a small weight</source>
            <translation>شريط مطاطي أو وزن صغير</translation>
        </message>
        <message>
            <source>It hurt last time, so there is less today. Leave it out if it hurts again.</source>
            <translation>كان مؤلمًا في المرة السابقة، لذا القدر اليوم أقل. إن آلم مجددًا فيُترك.</translation>
        </message>
        <message>
            <source>It hurt last time, and there is no smaller dose of this. Leave it out until you have asked somebody.</source>
            <translation>كان مؤلمًا في المرة السابقة، ولا قدر أصغر منه. يُترك حتى استشارة مختص.</translation>
        </message>
        <message>
            <source>At least one set.</source>
            <translation>مجموعة واحدة على الأقل.</translation>
        </message>
        <message>
            <source>{sets} sets are a great many; two or three are usual.</source>
            <translation>المجموعات كثيرة جدًّا ({sets})، والمعتاد اثنتان أو ثلاث.</translation>
        </message>
        <message>
            <source>At least one repetition.</source>
            <translation>تكرار واحد على الأقل.</translation>
        </message>
        <message>
            <source>{repetitions} repetitions are a great many; 8 to 15 are usual.</source>
            <translation>التكرارات كثيرة جدًّا ({repetitions})، والمعتاد 8 إلى 15.</translation>
        </message>
        <message>
            <source>A hold of less than a second cannot be timed; put 0 for none.</source>
            <translation>لا يمكن توقيت ثبات أقل من ثانية. يُكتب 0 لعدم الثبات.</translation>
        </message>
        <message>
            <source>{hold} seconds are very long; 2 to 30 are usual.</source>
            <translation>مدة {hold} ثانية طويلة جدًّا، والمعتاد 2 إلى 30.</translation>
        </message>
        <message>
            <source>The hold is not a number of seconds; 2 to 30 are usual.</source>
            <translation>مدة الثبات ليست عددًا من الثواني، والمعتاد 2 إلى 30.</translation>
        </message>
        <message>
            <source>This exercise alone takes about {minutes} minutes; a whole routine of ten is usual.</source>
            <translation>يستغرق هذا التمرين وحده نحو {minutes} دقيقة، والمعتاد عشر دقائق للبرنامج كله.</translation>
        </message>
        <message>
            <source>Two or three days a week are enough; muscles grow on the days between.</source>
            <translation>يومان أو ثلاثة في الأسبوع تكفي، فالعضلات تنمو في الأيام الفاصلة.</translation>
        </message>
        <message>
            <source>Come into the picture</source>
            <translation>الدخول في الصورة</translation>
        </message>
        <message>
            <source>Please come into the picture.</source>
            <translation>يُرجى الدخول في الصورة.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>شخص واحد فقط</translation>
        </message>
        <message>
            <source>Please, one person only in the picture.</source>
            <translation>يُرجى أن يكون في الصورة شخص واحد فقط.</translation>
        </message>
        <message>
            <source>Whole body, please</source>
            <translation>الجسم كله من فضلكم</translation>
        </message>
        <message>
            <source>Please move so that your whole body is in the picture.</source>
            <translation>يُرجى التحرك حتى يظهر الجسم كله في الصورة.</translation>
        </message>
        <message>
            <source>Lie on your back</source>
            <translation>الاستلقاء على الظهر</translation>
        </message>
        <message>
            <source>Please lie on your back, knees bent.</source>
            <translation>يُرجى الاستلقاء على الظهر مع ثني الركبتين.</translation>
        </message>
        <message>
            <source>Lie on your side</source>
            <translation>الاستلقاء على الجنب</translation>
        </message>
        <message>
            <source>Please lie on your side.</source>
            <translation>يُرجى الاستلقاء على الجنب.</translation>
        </message>
        <message>
            <source>Lie across the picture</source>
            <translation>الاستلقاء بعرض الصورة</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees you from the side.</source>
            <translation>يُرجى الاستلقاء بحيث ترى الكاميرا الجسم من الجانب.</translation>
        </message>
        <message>
            <source>Face or feet to the camera</source>
            <translation>الوجه أو القدمان نحو الكاميرا</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees your front, or your feet from a little in front.</source>
            <translation>يُرجى الاستلقاء بحيث ترى الكاميرا الجسم من الأمام، أو القدمين من موضع متقدم قليلًا.</translation>
        </message>
        <message>
            <source>Bend your knees</source>
            <translation>ثني الركبتين</translation>
        </message>
        <message>
            <source>Please bend your knees, feet flat on the floor.</source>
            <translation>يُرجى ثني الركبتين، والقدمان منبسطتان على الأرض.</translation>
        </message>
        <message>
            <source>Stretch one leg out</source>
            <translation>مدّ إحدى الساقين</translation>
        </message>
        <message>
            <source>Please stretch one leg out.</source>
            <translation>يُرجى مدّ إحدى الساقين.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>رفع</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>رفع.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>ثبات</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>ثبات.</translation>
        </message>
        <message>
            <source>Lower slowly</source>
            <translation>إنزال ببطء</translation>
        </message>
        <message>
            <source>And lower slowly.</source>
            <translation>والآن إنزال ببطء.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>انتهى</translation>
        </message>
        <message>
            <source>Done. Well done.</source>
            <translation>انتهى. أحسنتم.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>الصورة سوداء</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>صورة الكاميرا سوداء. هل يحجبها شيء؟</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>الصورة متوقفة</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>صورة الكاميرا لم تعد تتحرك.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>لا توجد صورة</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>الكاميرا لا ترسل صورًا. يُرجى الانتظار.</translation>
        </message>
        <message>
            <source>A little higher</source>
            <translation>أعلى قليلًا</translation>
        </message>
        <message>
            <source>A little higher.</source>
            <translation>أعلى قليلًا.</translation>
        </message>
        <message>
            <source>Not quite so high</source>
            <translation>أقل ارتفاعًا قليلًا</translation>
        </message>
        <message>
            <source>Not quite so high, and do not arch your lower back.</source>
            <translation>أقل ارتفاعًا قليلًا، ومن دون تقويس أسفل الظهر.</translation>
        </message>
        <message>
            <source>Feet further away</source>
            <translation>إبعاد القدمين</translation>
        </message>
        <message>
            <source>Put your feet a little further away from you.</source>
            <translation>يُرجى إبعاد القدمين قليلًا.</translation>
        </message>
        <message>
            <source>Feet closer</source>
            <translation>تقريب القدمين</translation>
        </message>
        <message>
            <source>Put your feet a little closer to you.</source>
            <translation>يُرجى تقريب القدمين قليلًا.</translation>
        </message>
        <message>
            <source>The hip sinks: rest</source>
            <translation>الورك يهبط: راحة</translation>
        </message>
        <message>
            <source>The hip sinks. Put the foot down and rest.</source>
            <translation>الورك يهبط. يُرجى إنزال القدم وأخذ راحة.</translation>
        </message>
        <message>
            <source>Not so high</source>
            <translation>أقل ارتفاعًا</translation>
        </message>
        <message>
            <source>Not so high.</source>
            <translation>أقل ارتفاعًا.</translation>
        </message>
        <message>
            <source>Leg further back</source>
            <translation>الساق إلى الخلف أكثر</translation>
        </message>
        <message>
            <source>Take the leg a little further back.</source>
            <translation>إرجاع الساق إلى الخلف قليلًا.</translation>
        </message>
        <message>
            <source>Leg less far back</source>
            <translation>الساق إلى الخلف أقل</translation>
        </message>
        <message>
            <source>Not quite so far back with the leg.</source>
            <translation>الساق إلى الخلف أقل قليلًا.</translation>
        </message>
        <message>
            <source>Hips still, toes to the front</source>
            <translation>الوركان ثابتان والأصابع للأمام</translation>
        </message>
        <message>
            <source>Roll your hips a little forward, and point your toes to the front.</source>
            <translation>تدوير الوركين قليلًا إلى الأمام، مع توجيه أصابع القدم إلى الأمام.</translation>
        </message>
        <message>
            <source>Slower</source>
            <translation>أبطأ</translation>
        </message>
        <message>
            <source>Slower, please.</source>
            <translation>أبطأ من فضلكم.</translation>
        </message>
    </context>
</TS>
