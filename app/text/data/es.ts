<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
    <context>
        <name>vision.atomic_write</name>
        <message>
            <source>it is a folder</source>
            <translation>es una carpeta</translation>
        </message>
    </context>
    <context>
        <name>vision.camera.capture</name>
        <message>
            <source>No camera was found.</source>
            <translation>No se ha encontrado ninguna cámara.</translation>
        </message>
        <message>
            <source>Connect one and try again, or open a photograph instead.</source>
            <translation>Conecta una e inténtalo de nuevo, o abre una foto.</translation>
        </message>
        <message>
            <source>This camera is not connected.</source>
            <translation>Esta cámara no está conectada.</translation>
        </message>
        <message>
            <source>Connect it and try again, or choose another one.</source>
            <translation>Conéctala e inténtalo de nuevo, o elige otra.</translation>
        </message>
        <message>
            <source>The camera cannot be opened.</source>
            <translation>No se puede abrir la cámara.</translation>
        </message>
        <message>
            <source>Close other programs that use it, allow this program to use it in the settings of your computer, then try again.</source>
            <translation>Cierra los demás programas que la usen, permite en los ajustes de tu equipo que este programa la use e inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>The camera sends no pictures any more.</source>
            <translation>La cámara ya no envía imágenes.</translation>
        </message>
        <message>
            <source>Check its cable and that no other program took it over, then try again.</source>
            <translation>Revisa el cable y comprueba que ningún otro programa la esté usando; después, inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>There is no such film.</source>
            <translation>Ese vídeo no existe.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>Comprueba el nombre y la carpeta en la que debería estar.</translation>
        </message>
        <message>
            <source>The film cannot be played.</source>
            <translation>No se puede reproducir el vídeo.</translation>
        </message>
        <message>
            <source>Choose one saved as MP4 or AVI.</source>
            <translation>Elige uno guardado como MP4 o AVI.</translation>
        </message>
        <message>
            <source>Nothing answers at this address.</source>
            <translation>Esta dirección no responde.</translation>
        </message>
        <message>
            <source>Check the address, and that the camera there is on and in the same network.</source>
            <translation>Comprueba la dirección y que esa cámara esté encendida y en la misma red.</translation>
        </message>
        <message>
            <source>The camera wants a name and a password.</source>
            <translation>La cámara pide un nombre y una contraseña.</translation>
        </message>
        <message>
            <source>Type the address again with both in it, such as http://NAME:PASSWORD@192.168.0.20/video.</source>
            <translation>Escribe otra vez la dirección con los dos incluidos, por ejemplo http://NOMBRE:CLAVE@192.168.0.20/video.</translation>
        </message>
        <message>
            <source>There are no pictures to be had at this address.</source>
            <translation>En esta dirección no se pueden obtener imágenes.</translation>
        </message>
        <message>
            <source>Look in the camera's settings for the address of its MJPEG or RTSP stream.</source>
            <translation>Busca en los ajustes de la cámara la dirección de su transmisión MJPEG o RTSP.</translation>
        </message>
        <message>
            <source>The camera's pictures are damaged or far too large.</source>
            <translation>Las imágenes de la cámara están dañadas o son demasiado grandes.</translation>
        </message>
        <message>
            <source>Choose smaller pictures in the camera's settings, then start the camera again.</source>
            <translation>Elige imágenes más pequeñas en los ajustes de la cámara y vuelve a iniciarla.</translation>
        </message>
        <message>
            <source>The camera has stopped sending new pictures.</source>
            <translation>La cámara ha dejado de enviar imágenes nuevas.</translation>
        </message>
        <message>
            <source>Wait a moment; if none come, check its cable or its network.</source>
            <translation>Espera un momento; si no llega ninguna, revisa el cable o la red.</translation>
        </message>
        <message>
            <source>The camera's picture is black.</source>
            <translation>La imagen de la cámara está en negro.</translation>
        </message>
        <message>
            <source>Take the cover off the lens, and switch on a light.</source>
            <translation>Quita la tapa del objetivo y enciende una luz.</translation>
        </message>
        <message>
            <source>The camera sends the same picture again and again.</source>
            <translation>La cámara envía la misma imagen una y otra vez.</translation>
        </message>
        <message>
            <source>If it does not recover by itself, unplug the camera and plug it in again, or start the camera app again.</source>
            <translation>Si no se arregla sola, desenchufa la cámara y vuelve a enchufarla, o reinicia la aplicación de la cámara.</translation>
        </message>
        <message>
            <source>The film has ended.</source>
            <translation>El vídeo ha terminado.</translation>
        </message>
        <message>
            <source>Start it again.</source>
            <translation>Vuelve a iniciarlo.</translation>
        </message>
        <message>
            <source>There is no camera with the number {number}.</source>
            <translation>No hay ninguna cámara con el número {number}.</translation>
        </message>
        <message>
            <source>There is no camera and no film called '{name}'.</source>
            <translation>No hay ninguna cámara ni ningún vídeo con el nombre «{name}».</translation>
        </message>
        <message>
            <source>Several cameras have a name that begins with '{name}'.</source>
            <translation>Hay varias cámaras cuyo nombre empieza por «{name}».</translation>
        </message>
        <message>
            <source>No camera is connected; connect one, or give a film or the address of a stream.</source>
            <translation>No hay ninguna cámara conectada; conecta una, o indica un vídeo o la dirección de una transmisión.</translation>
        </message>
        <message>
            <source>Connected: {cameras}.</source>
            <translation>Conectadas: {cameras}.</translation>
        </message>
    </context>
    <context>
        <name>vision.marks.points</name>
        <message>
            <source>The ASIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>El punto EIAS ({x:g}, {y:g}) está fuera de la imagen.</translation>
        </message>
        <message>
            <source>The PSIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>El punto EIPS ({x:g}, {y:g}) está fuera de la imagen.</translation>
        </message>
        <message>
            <source>The ASIS point and the PSIS point are the same.</source>
            <translation>Los puntos EIAS y EIPS son el mismo.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back.</source>
            <translation>Marca el punto óseo delantero y el hoyuelo de atrás.</translation>
        </message>
        <message>
            <source>An end of the vertical ({x:g}, {y:g}) is outside the picture.</source>
            <translation>Un extremo de la vertical ({x:g}, {y:g}) está fuera de la imagen.</translation>
        </message>
        <message>
            <source>Both ends of the vertical are the same point.</source>
            <translation>Los dos extremos de la vertical son el mismo punto.</translation>
        </message>
        <message>
            <source>Give two points on something plumb, such as a door frame.</source>
            <translation>Indica dos puntos sobre algo vertical, como el marco de una puerta.</translation>
        </message>
        <message>
            <source>The vertical leans by {angle:.0f} degrees, too far to be plumb.</source>
            <translation>La vertical se inclina {angle:.0f} grados, demasiado para estar a plomo.</translation>
        </message>
        <message>
            <source>The picture is {width} pixels wide and {height} high.</source>
            <translation>La imagen mide {width} píxeles de ancho y {height} de alto.</translation>
        </message>
    </context>
    <context>
        <name>vision.model_files</name>
        <message>
            <source>Install Beltline again.</source>
            <translation>Vuelve a instalar Beltline.</translation>
        </message>
        <message>
            <source>The model file {name} is not in the list of tested models.</source>
            <translation>El archivo de modelo {name} no está en la lista de modelos probados.</translation>
        </message>
        <message>
            <source>The model file {name} is missing or cannot be read.</source>
            <translation>El archivo de modelo {name} falta o no se puede leer.</translation>
        </message>
        <message>
            <source>The model file {name} is damaged.</source>
            <translation>El archivo de modelo {name} está dañado.</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.build</name>
        <message>
            <source>from marked points</source>
            <translation>por puntos marcados</translation>
        </message>
        <message>
            <source>from the stickers</source>
            <translation>por las pegatinas</translation>
        </message>
        <message>
            <source>from the body outline</source>
            <translation>por el contorno</translation>
        </message>
        <message>
            <source>from the body outline, calibrated</source>
            <translation>por el contorno, calibrado</translation>
        </message>
        <message>
            <source>the belt line, not the pelvis</source>
            <translation>línea del cinturón, no la pelvis</translation>
        </message>
        <message>
            <source>No number</source>
            <translation>Sin número</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>punto delantero</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>punto de atrás</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.raster</name>
        <message>
            <source>Give a file name that ends in .png, .jpg or .webp.</source>
            <translation>Indica un nombre de archivo que termine en .png, .jpg o .webp.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': the name does not say which format.</source>
            <translation>La imagen con la medición no se puede guardar en «{out}»: el nombre no indica el formato.</translation>
        </message>
        <message>
            <source>the file is read-only</source>
            <translation>el archivo es de solo lectura</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>Elige un nombre en una carpeta que exista, en la que puedas escribir y con espacio en el disco.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': {why}.</source>
            <translation>La imagen con la medición no se puede guardar en «{out}»: {why}.</translation>
        </message>
    </context>
    <context>
        <name>vision.pipeline</name>
        <message>
            <source>Nobody was found at the place that was chosen.</source>
            <translation>No se ha encontrado a nadie en el lugar elegido.</translation>
        </message>
        <message>
            <source>Choose a place on a person's body.</source>
            <translation>Elige un lugar sobre el cuerpo de una persona.</translation>
        </message>
        <message>
            <source>The method needs the two bony points.</source>
            <translation>El método necesita los dos puntos óseos.</translation>
        </message>
        <message>
            <source>Give both the ASIS and the PSIS point.</source>
            <translation>Indica los dos puntos, EIAS y EIPS.</translation>
        </message>
        <message>
            <source>Stickers cannot be asked for.</source>
            <translation>Las pegatinas no se pueden pedir.</translation>
        </message>
        <message>
            <source>They are used by themselves wherever two are seen.</source>
            <translation>Se usan por sí solas siempre que se ven dos.</translation>
        </message>
    </context>
    <context>
        <name>vision.reasons</name>
        <message>
            <source>Nobody could be found in the picture.</source>
            <translation>No se ha encontrado a nadie en la imagen.</translation>
        </message>
        <message>
            <source>Stand side-on with your whole body in the picture, your face not covered, in good light.</source>
            <translation>Ponte de perfil, con todo el cuerpo en la imagen, la cara descubierta y buena luz.</translation>
        </message>
        <message>
            <source>There are {} people of similar size in the picture.</source>
            <translation>Hay {} personas de tamaño parecido en la imagen.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, and no mirror in view.</source>
            <translation>Haz la foto con una sola persona y sin espejos a la vista.</translation>
        </message>
        <message>
            <source>The person you chose touches somebody else in the picture, or stands too close.</source>
            <translation>La persona elegida toca a otra en la imagen o está demasiado cerca de ella.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, or with a clear gap between people.</source>
            <translation>Haz la foto con una sola persona o con un espacio claro entre las personas.</translation>
        </message>
        <message>
            <source>The person does not seem to stand upright on straight legs, with both feet side by side.</source>
            <translation>La persona no parece estar erguida, con las piernas rectas y los dos pies a la par.</translation>
        </message>
        <message>
            <source>Stand relaxed and side-on, both knees straight, both feet side by side on the floor.</source>
            <translation>Ponte de perfil, sin tensión, con las rodillas rectas y los dos pies a la par en el suelo.</translation>
        </message>
        <message>
            <source>The picture seems to be turned on its side or upside down.</source>
            <translation>Parece que la imagen está girada de lado o boca abajo.</translation>
        </message>
        <message>
            <source>Turn the picture so that the feet are at the bottom, then try again.</source>
            <translation>Gira la imagen para que los pies queden abajo y vuelve a intentarlo.</translation>
        </message>
        <message>
            <source>Part of the body is outside the picture.</source>
            <translation>Parte del cuerpo queda fuera de la imagen.</translation>
        </message>
        <message>
            <source>Step back until everything from the head to the feet is in the picture.</source>
            <translation>Retrocede hasta que se vea todo en la imagen, de la cabeza a los pies.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>El cuerpo se desvía unos {} grados del perfil.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>Gírate hasta que un hombro apunte justo a la cámara.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees, so the camera was probably tilted.</source>
            <translation>Todo el cuerpo se inclina unos {} grados, así que seguramente la cámara estaba torcida.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>Pon la cámara recta o marca algo vertical, como el marco de una puerta.</translation>
        </message>
        <message>
            <source>The person is too small in the picture: {} pixels from hip to shoulder.</source>
            <translation>La persona se ve demasiado pequeña: {} píxeles de la cadera al hombro.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>Acércate o usa una resolución más alta: lo mejor son 200 píxeles o más.</translation>
        </message>
        <message>
            <source>The picture is too dark.</source>
            <translation>La imagen está demasiado oscura.</translation>
        </message>
        <message>
            <source>Turn on more light and keep it in front of the person, not behind.</source>
            <translation>Pon más luz, y que venga de delante de la persona, no de detrás.</translation>
        </message>
        <message>
            <source>The picture is blurred.</source>
            <translation>La imagen está borrosa.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm, stand still and use more light.</source>
            <translation>Apoya la cámara en algo firme, no te muevas y pon más luz.</translation>
        </message>
        <message>
            <source>The two marked points do not lie on the pelvis of the person found.</source>
            <translation>Los dos puntos marcados no están sobre la pelvis de la persona encontrada.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back once more.</source>
            <translation>Marca otra vez el punto óseo delantero y el hoyuelo de atrás.</translation>
        </message>
        <message>
            <source>No belt line can be seen in the picture.</source>
            <translation>No se ve ninguna línea del cinturón en la imagen.</translation>
        </message>
        <message>
            <source>Tuck the top in, or wear a belt or trousers of another colour than the top.</source>
            <translation>Métete la camiseta por dentro, o lleva un cinturón o un pantalón de otro color que la camiseta.</translation>
        </message>
        <message>
            <source>The angles lie up to {} degrees apart, too far for repeats of one stance.</source>
            <translation>Los ángulos difieren en hasta {} grados, demasiado para ser repeticiones de una misma postura.</translation>
        </message>
        <message>
            <source>Each time, march five steps on the spot, stand relaxed, look ahead, breathe out; same arms and clothes, camera on something firm.</source>
            <translation>Cada vez, da cinco pasos en el sitio, relájate, mira al frente y suelta el aire; los brazos igual, la misma ropa y la cámara en algo firme.</translation>
        </message>
        <message>
            <source>The photographs were measured in different ways, which cannot be put together.</source>
            <translation>Las fotos se midieron de formas distintas, que no se pueden juntar.</translation>
        </message>
        <message>
            <source>Measure all of them in the same way, for example from the outline of the body.</source>
            <translation>Mídelas todas de la misma forma, por ejemplo a partir del contorno del cuerpo.</translation>
        </message>
        <message>
            <source>Fewer than two different photographs could be measured.</source>
            <translation>No se han podido medir al menos dos fotos distintas.</translation>
        </message>
        <message>
            <source>Take two or more pictures of the same stance; five are best.</source>
            <translation>Haz dos o más fotos de la misma postura; lo mejor son cinco.</translation>
        </message>
        <message>
            <source>The clothing seems too loose to calibrate by.</source>
            <translation>La ropa parece demasiado suelta para calibrar.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>Lleva algo que se ajuste bien a la cintura y las caderas.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour.</source>
            <translation>Hay algo parecido a una pegatina de color en la pelvis, pero no son exactamente dos del mismo color.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>Muestra dos pegatinas del mismo color: una en el punto óseo delantero y otra en el hoyuelo de atrás.</translation>
        </message>
        <message>
            <source>Nothing in the picture shows where the bones are.</source>
            <translation>Nada en la imagen muestra dónde están los huesos.</translation>
        </message>
        <message>
            <source>Put a sticker on the bony point at the front and one of the same colour on the dimple at the back, or mark both points.</source>
            <translation>Pon una pegatina en el punto óseo delantero y otra del mismo color en el hoyuelo de atrás, o marca los dos puntos.</translation>
        </message>
        <message>
            <source>The pictures do not agree: what they say differs by up to {} degrees.</source>
            <translation>Las fotos no coinciden: lo que indican difiere en hasta {} grados.</translation>
        </message>
        <message>
            <source>See that all of them show the same person with both marks on the bones, and take them again.</source>
            <translation>Comprueba que en todas esté la misma persona con las dos marcas sobre los huesos y vuelve a hacerlas.</translation>
        </message>
        <message>
            <source>The marks and the outline of the body differ by {} degrees, more than in any body.</source>
            <translation>Las marcas y el contorno del cuerpo difieren en {} grados, más que en ningún cuerpo.</translation>
        </message>
        <message>
            <source>See that one mark is on the bony point at the front and the other on the dimple at the back, and take the picture again.</source>
            <translation>Comprueba que una marca esté en el punto óseo delantero y la otra en el hoyuelo de atrás, y repite la foto.</translation>
        </message>
        <message>
            <source>The pictures were taken up to {} days apart, and a body changes.</source>
            <translation>Entre las fotos pasaron hasta {} días, y el cuerpo cambia.</translation>
        </message>
        <message>
            <source>Use pictures of one day.</source>
            <translation>Usa fotos del mismo día.</translation>
        </message>
        <message>
            <source>No clear movement of the pelvis was seen between tucked and arched.</source>
            <translation>No se ha visto un movimiento claro de la pelvis entre meter y sacar el trasero.</translation>
        </message>
        <message>
            <source>Arch and tuck as far as is comfortable, and hold each position for two seconds.</source>
            <translation>Saca y mete el trasero hasta donde te resulte cómodo y mantén cada posición dos segundos.</translation>
        </message>
        <message>
            <source>The pelvis was tilted further forward when tucked than when arched.</source>
            <translation>La pelvis estaba más inclinada hacia delante con el trasero metido que con el trasero sacado.</translation>
        </message>
        <message>
            <source>To arch, stick your bottom out; to tuck, pull your bottom under.</source>
            <translation>Para sacarlo, lleva el trasero hacia atrás; para meterlo, llévalo hacia abajo y hacia dentro.</translation>
        </message>
        <message>
            <source>Not all three positions could be measured: tucked, relaxed and arched.</source>
            <translation>No se han podido medir las tres posiciones: trasero metido, postura relajada y trasero sacado.</translation>
        </message>
        <message>
            <source>Take a new picture of each position that is missing.</source>
            <translation>Haz una foto nueva de cada posición que falte.</translation>
        </message>
        <message>
            <source>The test ended before two rounds were complete.</source>
            <translation>La prueba terminó antes de completar dos rondas.</translation>
        </message>
        <message>
            <source>Stay side-on in the picture until the test says that it is done.</source>
            <translation>Quédate de perfil en la imagen hasta que la prueba indique que ha terminado.</translation>
        </message>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>Hay alguien más en la imagen; se ha medido a la persona más grande.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>Haz la foto con una sola persona.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>Hay más personas en la imagen; se ha medido a la que elegiste.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>Los pies no se ven enteros en la imagen.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>Retrocede hasta que los pies se vean en la imagen.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>Todo el cuerpo se inclina unos {} grados; puede que la cámara estuviera torcida.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>La persona se ve bastante pequeña: {} píxeles de la cadera al hombro.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>La imagen está bastante oscura.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>Pon más luz.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>La imagen está un poco borrosa.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>Apoya la cámara en algo firme y no te muevas.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>Un brazo o una mano tapa parte de la pelvis.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>Apoya los puños en las clavículas.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>La ropa parece suelta y oculta el contorno del cuerpo.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>No se ha podido ver la cabeza, y eso hace menos seguro el ángulo.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>Si puedes, que se vea también la cabeza; después puedes tapar la cara en la foto.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>Se ha supuesto que la cámara estaba recta.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>Si la cámara está torcida, el ángulo cambia en la misma medida; para más exactitud, marca algo vertical, como el marco de una puerta.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>Hay algo parecido a una pegatina de color en la pelvis, pero no son exactamente dos del mismo color, así que no se ha usado.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>La cámara estaba unos {} cm por encima de las caderas.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>Ponla a la altura de las caderas.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>La cámara estaba unos {} cm por debajo de las caderas.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>La misma foto aparece más de una vez y se ha contado una sola.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>Haz una foto nueva en cada repetición y apártate del sitio entre una y otra.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>La calibración tiene más de un año.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>Vuelve a calibrar, y también siempre que tu peso haya cambiado mucho.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>La calibración es de una versión anterior de Beltline y no se ha usado.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>Vuelve a calibrar.</translation>
        </message>
        <message>
            <source>There is no such file.</source>
            <translation>Ese archivo no existe.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>Comprueba el nombre y la carpeta en la que debería estar.</translation>
        </message>
        <message>
            <source>This is a folder, not a photograph.</source>
            <translation>Esto es una carpeta, no una foto.</translation>
        </message>
        <message>
            <source>Choose a photograph inside it.</source>
            <translation>Elige una foto de esa carpeta.</translation>
        </message>
        <message>
            <source>This is not an ordinary file.</source>
            <translation>Esto no es un archivo normal.</translation>
        </message>
        <message>
            <source>Choose a photograph that is saved on a disk.</source>
            <translation>Elige una foto guardada en un disco.</translation>
        </message>
        <message>
            <source>You do not have permission to read this file.</source>
            <translation>No tienes permiso para leer este archivo.</translation>
        </message>
        <message>
            <source>Allow reading it in its properties, or copy it into a folder of your own.</source>
            <translation>Permite la lectura en sus propiedades o cópialo a una carpeta tuya.</translation>
        </message>
        <message>
            <source>The file cannot be opened.</source>
            <translation>No se puede abrir el archivo.</translation>
        </message>
        <message>
            <source>Copy it to a folder on this computer and try again.</source>
            <translation>Cópialo a una carpeta de este equipo e inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>El archivo está vacío.</translation>
        </message>
        <message>
            <source>Copy it again from the phone or camera.</source>
            <translation>Cópialo otra vez desde el teléfono o la cámara.</translation>
        </message>
        <message>
            <source>The file is not a picture of a kind that can be read.</source>
            <translation>El archivo no es una imagen de un tipo que se pueda leer.</translation>
        </message>
        <message>
            <source>Choose a photograph saved as JPEG, PNG, WebP, TIFF or HEIC.</source>
            <translation>Elige una foto guardada como JPEG, PNG, WebP, TIFF o HEIC.</translation>
        </message>
        <message>
            <source>The file is a film, not a photograph.</source>
            <translation>El archivo es un vídeo, no una foto.</translation>
        </message>
        <message>
            <source>Save one picture of it as JPEG or PNG and choose that.</source>
            <translation>Guarda una imagen del vídeo como JPEG o PNG y elígela.</translation>
        </message>
        <message>
            <source>The file holds moving pictures, not one photograph.</source>
            <translation>El archivo contiene imágenes en movimiento, no una sola foto.</translation>
        </message>
        <message>
            <source>The picture is damaged or incomplete.</source>
            <translation>La imagen está dañada o incompleta.</translation>
        </message>
        <message>
            <source>Copy or download it again, or save it again as JPEG or PNG.</source>
            <translation>Cópiala o descárgala otra vez, o vuelve a guardarla como JPEG o PNG.</translation>
        </message>
        <message>
            <source>Save it smaller, for example 4000 pixels along its longer side.</source>
            <translation>Guárdala más pequeña, por ejemplo con 4000 píxeles en el lado más largo.</translation>
        </message>
        <message>
            <source>The picture is too large: {width} by {height} pixels, and at most {most} megapixels can be read.</source>
            <translation>La imagen es demasiado grande: {width} por {height} píxeles, y se pueden leer como mucho {most} megapíxeles.</translation>
        </message>
        <message>
            <source>The picture is too large to be read into memory.</source>
            <translation>La imagen es demasiado grande para caber en la memoria.</translation>
        </message>
        <message>
            <source>Save it smaller, for example as a JPEG with 4000 pixels along its longer side.</source>
            <translation>Guárdala más pequeña, por ejemplo como JPEG con 4000 píxeles en el lado más largo.</translation>
        </message>
    </context>
    <context>
        <name>vision.result</name>
        <message>
            <source>forward</source>
            <translation>hacia delante</translation>
        </message>
        <message>
            <source>backward</source>
            <translation>hacia atrás</translation>
        </message>
        <message>
            <source>lower</source>
            <translation>más baja</translation>
        </message>
        <message>
            <source>higher</source>
            <translation>más alta</translation>
        </message>
        <message>
            <source>{angle}° {direction} ({interval})</source>
            <translation>{angle}° {direction} ({interval})</translation>
        </message>
        <message>
            <source>{angle}° {direction} in front ({interval})</source>
            <translation>{angle}° {direction} por delante ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0°, horizontal ({interval})</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>{first} a {last}</translation>
        </message>
    </context>
    <context>
        <name>app.errors</name>
        <message>
            <source>On Debian or Ubuntu, install libgl1, libegl1, libgles2 and libglib2.0-0; else install Beltline again.</source>
            <translation>En Debian o Ubuntu, instala libgl1, libegl1, libgles2 y libglib2.0-0; si no, vuelve a instalar Beltline.</translation>
        </message>
        <message>
            <source>A library that measuring needs cannot be loaded ({error}).</source>
            <translation>No se puede cargar una biblioteca necesaria para medir ({error}).</translation>
        </message>
        <message>
            <source>Start the reminder by hand, or try again later.</source>
            <translation>Inicia el recordatorio a mano o inténtalo más tarde.</translation>
        </message>
        <message>
            <source>What starts with your session could not be changed ({why}).</source>
            <translation>No se ha podido cambiar lo que se inicia al abrir la sesión ({why}).</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.sharing_text</name>
        <message>
            <source>Save list as file…</source>
            <translation>Guardar la lista como archivo…</translation>
        </message>
        <message>
            <source>Open list…</source>
            <translation>Abrir una lista…</translation>
        </message>
        <message>
            <source>One file with the exercises, their sets and pictures, to give to somebody</source>
            <translation>Un solo archivo con los ejercicios, sus series e imágenes, para dárselo a alguien</translation>
        </message>
        <message>
            <source>Look at a list that somebody gave you as a file; nothing changes until you say so</source>
            <translation>Mira una lista que te han dado como archivo; nada cambia hasta que tú lo digas</translation>
        </message>
        <message>
            <source>Lists of exercises (*{suffix})</source>
            <translation>Listas de ejercicios (*{suffix})</translation>
        </message>
        <message>
            <source>exercises</source>
            <translation>ejercicios</translation>
        </message>
        <message>
            <source>Your list is in the file now: {contents}.</source>
            <translation>Tu lista ya está en el archivo: {contents}.</translation>
        </message>
        <message>
            <source>{exercises}, {pictures}</source>
            <translation>{exercises}, {pictures}</translation>
        </message>
        <message numerus="yes">
            <source>{count} exercises</source>
            <translation>
                <numerusform>1 ejercicio</numerusform>
                <numerusform>{count} ejercicios</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>1 imagen</numerusform>
                <numerusform>{count} imágenes</numerusform>
            </translation>
        </message>
        <message>
            <source>A list from a file</source>
            <translation>Una lista de un archivo</translation>
        </message>
        <message>
            <source>From {practice}, {day}</source>
            <translation>De {practice}, {day}</translation>
        </message>
        <message>
            <source>No practice is named. Made on {day}</source>
            <translation>No se nombra ninguna consulta. Hecha el {day}</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of yours. Undo brings yours back.</source>
            <translation>Si usas esta lista, sustituye a la tuya. Con «Deshacer» vuelve la tuya.</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of the usual routine.</source>
            <translation>Si usas esta lista, sustituye a la rutina habitual.</translation>
        </message>
        <message>
            <source>Use it only if you know who made it, and stop when something hurts.</source>
            <translation>Úsala solo si sabes quién la hizo, y para si algo te duele.</translation>
        </message>
        <message>
            <source>Use this list</source>
            <translation>Usar esta lista</translation>
        </message>
        <message>
            <source>Leave everything as it is</source>
            <translation>Dejar todo como está</translation>
        </message>
        <message>
            <source>Your list is now the one from the file.</source>
            <translation>Tu lista es ahora la del archivo.</translation>
        </message>
        <message>
            <source>Took over a list from a file</source>
            <translation>Lista tomada de un archivo</translation>
        </message>
        <message>
            <source>How: {how}</source>
            <translation>Cómo: {how}</translation>
        </message>
        <message>
            <source>Use this list in place of the one of {name}?</source>
            <translation>¿Usar esta lista en lugar de la de {name}?</translation>
        </message>
        <message>
            <source>Nothing was changed.</source>
            <translation>No se ha cambiado nada.</translation>
        </message>
        <message>
            <source>{name} has this list now: {contents}.</source>
            <translation>{name} tiene ahora esta lista: {contents}.</translation>
        </message>
        <message>
            <source>The one before comes back with: beltline exercises undo.</source>
            <translation>La anterior vuelve con: beltline exercises undo.</translation>
        </message>
        <message>
            <source>{name} has no list, and the usual routine needs no file.</source>
            <translation>{name} no tiene lista, y la rutina habitual no necesita archivo.</translation>
        </message>
        <message>
            <source>Type one in on the Exercises page, or take one over with: beltline exercises import.</source>
            <translation>Escribe una en la página Ejercicios, o toma una con: beltline exercises import.</translation>
        </message>
        <message>
            <source>The newest list of {name} is in the bin; what was used before is used again.</source>
            <translation>La lista más reciente de {name} está en la papelera; vuelve a usarse lo de antes.</translation>
        </message>
        <message>
            <source>{name} has no list that could be taken back.</source>
            <translation>{name} no tiene ninguna lista que se pueda deshacer.</translation>
        </message>
        <message>
            <source>{contents} written to {path}</source>
            <translation>{contents} en {path}</translation>
        </message>
        <message>
            <source>{number}. {name}: {dose}</source>
            <translation>{number}. {name}: {dose}</translation>
        </message>
        <message>
            <source>{line}, with a picture</source>
            <translation>{line}, con imagen</translation>
        </message>
        <message>
            <source>The list cannot be written to '{path}' ({why}).</source>
            <translation>La lista no se puede guardar en «{path}» ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no list of exercises of Beltline's.</source>
            <translation>El archivo «{name}» no es una lista de ejercicios de Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>Elige un archivo {suffix} guardado por Beltline.</translation>
        </message>
        <message>
            <source>The list in '{name}' was made by a newer version of Beltline.</source>
            <translation>La lista de «{name}» se hizo con una versión más nueva de Beltline.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then open it again.</source>
            <translation>Instala la versión más reciente de Beltline y abre la lista otra vez.</translation>
        </message>
        <message>
            <source>The file '{name}' is larger than any list of exercises that Beltline writes.</source>
            <translation>El archivo «{name}» es más grande que cualquier lista de ejercicios que escribe Beltline.</translation>
        </message>
        <message>
            <source>The list in '{name}' is damaged or was changed, so nothing was taken from it.</source>
            <translation>La lista de «{name}» está dañada o se ha modificado; no se ha tomado nada de ella.</translation>
        </message>
        <message>
            <source>Ask whoever made it to send it once more.</source>
            <translation>Pide a quien la hizo que te la envíe otra vez.</translation>
        </message>
        <message>
            <source>The name '{path}' does not say that a list of exercises is to be written.</source>
            <translation>El nombre «{path}» no indica que sea una lista de ejercicios.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffix}.</source>
            <translation>Indica un nombre que termine en {suffix}.</translation>
        </message>
        <message>
            <source>The list has {count} exercises, and a file takes at most {most}.</source>
            <translation>La lista tiene {count} ejercicios, y en un archivo caben como mucho {most}.</translation>
        </message>
        <message>
            <source>Make two lists of it.</source>
            <translation>Divídela en dos listas.</translation>
        </message>
        <message>
            <source>Something in the list makes no sense, so nobody could open the file.</source>
            <translation>Algo de la lista no tiene sentido, y nadie podría abrir el archivo.</translation>
        </message>
        <message>
            <source>Open the list in the editor, look at the lines with a remark, and save it there.</source>
            <translation>Ábrela con «Cambiar la lista», revisa las líneas con un aviso y guárdala ahí.</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.text</name>
        <message>
            <source>Exercises</source>
            <translation>Ejercicios</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>Back (Escape)</source>
            <translation>Volver (Esc)</translation>
        </message>
        <message>
            <source>Stop, and see what to do when something hurts (H)</source>
            <translation>Para y mira qué hacer cuando algo duele (H)</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Leyendo…</translation>
        </message>
        <message>
            <source>Before you exercise</source>
            <translation>Antes de hacer ejercicio</translation>
        </message>
        <message>
            <source>Please read all of these and tick what is true for you now. Your answers stay on this computer. You will be asked again in four weeks.</source>
            <translation>Lee todos los puntos y marca los que ahora sean ciertos en tu caso. Tus respuestas se quedan en este equipo. Dentro de cuatro semanas se te volverá a preguntar.</translation>
        </message>
        <message>
            <source>These matter most</source>
            <translation>Lo más importante</translation>
        </message>
        <message>
            <source>These matter too</source>
            <translation>También importa</translation>
        </message>
        <message>
            <source>And these</source>
            <translation>Y además</translation>
        </message>
        <message>
            <source>None of these</source>
            <translation>Nada de esto</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuar</translation>
        </message>
        <message>
            <source>Say that none of these is true for you</source>
            <translation>Indica que nada de esto es cierto en tu caso</translation>
        </message>
        <message>
            <source>You ticked:</source>
            <translation>Has marcado:</translation>
        </message>
        <message>
            <source>Answer again</source>
            <translation>Responder de nuevo</translation>
        </message>
        <message>
            <source>I have asked, and I may exercise</source>
            <translation>He preguntado y puedo hacer ejercicio</translation>
        </message>
        <message>
            <source>Breaks from sitting, your history and the page “See someone” stay open to you meanwhile.</source>
            <translation>Mientras tanto puedes seguir usando las pausas, tu historial y la página «Ir al fisioterapeuta».</translation>
        </message>
        <message>
            <source>You answered the questions before exercising on {when}.</source>
            <translation>Respondiste a las preguntas previas al ejercicio el {when}.</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Hoy</translation>
        </message>
        <message numerus="yes">
            <source>About {count} minutes in all.</source>
            <translation>
                <numerusform>Alrededor de un minuto en total.</numerusform>
                <numerusform>Unos {count} minutos en total.</numerusform>
            </translation>
        </message>
        <message>
            <source>Just under ten minutes in all.</source>
            <translation>Algo menos de diez minutos en total.</translation>
        </message>
        <message>
            <source>Another day: {names}. Ten minutes at a time are enough.</source>
            <translation>Para otro día: {names}. Con diez minutos cada vez basta.</translation>
        </message>
        <message>
            <source>This is your own list.</source>
            <translation>Esta es tu propia lista.</translation>
        </message>
        <message>
            <source>You have done all of today's sets. That is what counts.</source>
            <translation>Has hecho todas las series de hoy. Eso es lo que cuenta.</translation>
        </message>
        <message>
            <source>{done} of {wanted} sets done today</source>
            <translation>{done} de {wanted} series hechas hoy</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Abrir</translation>
        </message>
        <message>
            <source>Get ready</source>
            <translation>Prepárate</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Seguir</translation>
        </message>
        <message>
            <source>It hurt on {when}: leave it out until you have asked somebody, or continue with less.</source>
            <translation>Te dolió el {when}: no lo hagas hasta consultarlo, o sigue con menos.</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>Autoevaluación</translation>
        </message>
        <message>
            <source>Can you squeeze both sides of your buttocks, and each side by itself?</source>
            <translation>¿Puedes apretar los dos glúteos, y también cada uno por separado?</translation>
        </message>
        <message>
            <source>Last answered on {when}.</source>
            <translation>Última respuesta: {when}.</translation>
        </message>
        <message>
            <source>Do the self-check</source>
            <translation>Hacer la autoevaluación</translation>
        </message>
        <message>
            <source>Your own list</source>
            <translation>Tu propia lista</translation>
        </message>
        <message>
            <source>Type in what a physiotherapist gave you; it replaces the usual routine.</source>
            <translation>Escribe lo que te haya mandado un fisioterapeuta; sustituye a la rutina habitual.</translation>
        </message>
        <message>
            <source>Change the list</source>
            <translation>Cambiar la lista</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>Ir al fisioterapeuta</translation>
        </message>
        <message>
            <source>How to prepare for a physiotherapist, and what to bring.</source>
            <translation>Cómo preparar la visita al fisioterapeuta y qué llevar.</translation>
        </message>
        <message>
            <source>Read more</source>
            <translation>Leer más</translation>
        </message>
        <message>
            <source>Make the PDF report</source>
            <translation>Crear el informe PDF</translation>
        </message>
        <message>
            <source>Write your checks, exercises and answers to a file that you can bring along</source>
            <translation>Guarda tus mediciones, ejercicios y respuestas en un archivo que puedes llevar contigo</translation>
        </message>
        <message>
            <source>Pause the picture</source>
            <translation>Detener la imagen</translation>
        </message>
        <message>
            <source>Move the picture</source>
            <translation>Mover la imagen</translation>
        </message>
        <message>
            <source>How it goes</source>
            <translation>Cómo se hace</translation>
        </message>
        <message>
            <source>What often goes wrong</source>
            <translation>Errores frecuentes</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>Nota: {note}</translation>
        </message>
        <message>
            <source>With: {load}</source>
            <translation>Con: {load}</translation>
        </message>
        <message>
            <source>With a camera, Beltline can count for you. It has to see you {place}.</source>
            <translation>Con una cámara, Beltline puede contar por ti. Tiene que verte {place}.</translation>
        </message>
        <message>
            <source>Begin with the left side.</source>
            <translation>Empieza por el lado izquierdo.</translation>
        </message>
        <message>
            <source>Go on with the right side.</source>
            <translation>Sigue con el lado derecho.</translation>
        </message>
        <message>
            <source>Rest</source>
            <translation>Descanso</translation>
        </message>
        <message>
            <source>Next set in {seconds} s</source>
            <translation>Próxima serie en {seconds} s</translation>
        </message>
        <message>
            <source>Change sides</source>
            <translation>Cambia de lado</translation>
        </message>
        <message>
            <source>Next: {what}</source>
            <translation>Ahora viene: {what}</translation>
        </message>
        <message numerus="yes">
            <source>{count} sets to do</source>
            <translation>
                <numerusform>la última serie</numerusform>
                <numerusform>quedan {count} series</numerusform>
            </translation>
        </message>
        <message>
            <source>{side}, {what}</source>
            <translation>{side}, {what}</translation>
        </message>
        <message>
            <source>Skip the rest</source>
            <translation>Saltar el descanso</translation>
        </message>
        <message>
            <source>Wait</source>
            <translation>Esperar</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>Parar aquí</translation>
        </message>
        <message>
            <source>Waiting for you</source>
            <translation>Esperándote</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminado</translation>
        </message>
        <message>
            <source>{left} of {wanted} sets of today are left, if you want to go on later.</source>
            <translation>Quedan {left} de {wanted} series de hoy, por si quieres seguir más tarde.</translation>
        </message>
        <message>
            <source>Next: {name}</source>
            <translation>Siguiente: {name}</translation>
        </message>
        <message>
            <source>Back to today</source>
            <translation>Volver a hoy</translation>
        </message>
        <message>
            <source>No repetition was counted, so nothing was stored.</source>
            <translation>No se ha contado ninguna repetición, así que no se ha guardado nada.</translation>
        </message>
        <message>
            <source>Said while counting:</source>
            <translation>Avisos durante la cuenta:</translation>
        </message>
        <message numerus="yes">
            <source>{what} ({count} times)</source>
            <translation>
                <numerusform>{what} (una vez)</numerusform>
                <numerusform>{what} ({count} veces)</numerusform>
            </translation>
        </message>
        <message>
            <source>{set}, held {seconds} s</source>
            <translation>{set}, aguantando {seconds} s</translation>
        </message>
        <message>
            <source>counted by the camera</source>
            <translation>contadas por la cámara</translation>
        </message>
        <message>
            <source>led by the timer</source>
            <translation>guiadas por el temporizador</translation>
        </message>
        <message>
            <source>counted by you</source>
            <translation>contadas por ti</translation>
        </message>
        <message>
            <source>Where and how did it hurt? You need not answer.</source>
            <translation>¿Dónde y cómo te dolió? No hace falta que respondas.</translation>
        </message>
        <message>
            <source>Noted in your diary.</source>
            <translation>Anotado en tu diario.</translation>
        </message>
        <message>
            <source>Answer the questions again</source>
            <translation>Volver a responder</translation>
        </message>
        <message>
            <source>Save the answers</source>
            <translation>Guardar las respuestas</translation>
        </message>
        <message>
            <source>Your answers are noted.</source>
            <translation>Tus respuestas están anotadas.</translation>
        </message>
        <message>
            <source>Do the squeeze test with the camera</source>
            <translation>Hacer la prueba de glúteos con la cámara</translation>
        </message>
        <message>
            <source>Open the Live page, where a camera sees whether your pelvis turns</source>
            <translation>Abre la página En directo, donde una cámara ve si tu pelvis gira</translation>
        </message>
        <message>
            <source>Earlier answers</source>
            <translation>Respuestas anteriores</translation>
        </message>
        <message>
            <source>There are no earlier answers. Each time you answer, a column of dots comes here.</source>
            <translation>No hay respuestas anteriores. Cada vez que respondas, aparecerá aquí una columna de puntos.</translation>
        </message>
        <message>
            <source>Full dot: yes. Half dot: partly. Ring: no. Dash: not said. The newest is on the right.</source>
            <translation>Punto lleno: sí. Medio punto: en parte. Círculo vacío: no. Raya: sin respuesta. Lo más reciente está a la derecha.</translation>
        </message>
        <message>
            <source>{when}: {answers}</source>
            <translation>{when}: {answers}</translation>
        </message>
        <message>
            <source>{when}, with the camera: {answers}</source>
            <translation>{when}, con la cámara: {answers}</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>Del {first} al {last}</translation>
        </message>
        <message>
            <source>The newest {shown} of {all} are shown.</source>
            <translation>Se muestran las {shown} más recientes de {all}.</translation>
        </message>
        <message>
            <source>One line for each exercise, in the order in which you do them. Choose an exercise that Beltline knows, or “another exercise” and type its name.</source>
            <translation>Una línea por ejercicio, en el orden en que los haces. Elige un ejercicio que Beltline conozca, u «Otro ejercicio» y escribe su nombre.</translation>
        </message>
        <message>
            <source>Another exercise</source>
            <translation>Otro ejercicio</translation>
        </message>
        <message>
            <source>Name of the exercise</source>
            <translation>Nombre del ejercicio</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>Series</translation>
        </message>
        <message>
            <source>Repetitions</source>
            <translation>Repeticiones</translation>
        </message>
        <message>
            <source>Hold, seconds</source>
            <translation>Aguante, segundos</translation>
        </message>
        <message>
            <source>Each side</source>
            <translation>Cada lado</translation>
        </message>
        <message>
            <source>Band or weight</source>
            <translation>Banda o peso</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>How to do it</source>
            <translation>Cómo se hace</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Imagen</translation>
        </message>
        <message>
            <source>Picture of {name}</source>
            <translation>Imagen de {name}</translation>
        </message>
        <message>
            <source>Choose picture…</source>
            <translation>Elegir imagen…</translation>
        </message>
        <message>
            <source>Remove picture</source>
            <translation>Quitar imagen</translation>
        </message>
        <message>
            <source>A photograph or a drawing; where and when it was taken is left out</source>
            <translation>Una foto o un dibujo; no se guarda dónde ni cuándo se hizo</translation>
        </message>
        <message>
            <source>Reading the picture…</source>
            <translation>Leyendo la imagen…</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Imágenes ({patterns})</translation>
        </message>
        <message>
            <source>Add an exercise</source>
            <translation>Añadir un ejercicio</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Quitar</translation>
        </message>
        <message>
            <source>Move up</source>
            <translation>Subir</translation>
        </message>
        <message>
            <source>Move down</source>
            <translation>Bajar</translation>
        </message>
        <message>
            <source>Line {number}</source>
            <translation>Línea {number}</translation>
        </message>
        <message>
            <source>Use the usual routine again</source>
            <translation>Volver a la rutina habitual</translation>
        </message>
        <message>
            <source>Save the list</source>
            <translation>Guardar la lista</translation>
        </message>
        <message>
            <source>Discard the changes</source>
            <translation>Descartar los cambios</translation>
        </message>
        <message>
            <source>Type the exercise's name.</source>
            <translation>Escribe el nombre del ejercicio.</translation>
        </message>
        <message>
            <source>This exercise is in the list twice; put all its sets into one line, or type a name of your own.</source>
            <translation>Este ejercicio está dos veces en la lista; pon todas sus series en una sola línea o ponle otro nombre.</translation>
        </message>
        <message>
            <source>Not saved: please look at the lines with a remark. What you typed stays.</source>
            <translation>No se ha guardado: revisa las líneas con un aviso. Lo que escribiste no se pierde.</translation>
        </message>
        <message>
            <source>There are changes that are not saved yet.</source>
            <translation>Hay cambios sin guardar.</translation>
        </message>
        <message>
            <source>The list is empty. Saved like this, it brings back the usual routine.</source>
            <translation>La lista está vacía. Si la guardas así, vuelve la rutina habitual.</translation>
        </message>
        <message>
            <source>Your list is saved.</source>
            <translation>Tu lista está guardada.</translation>
        </message>
        <message>
            <source>The usual routine is used again</source>
            <translation>Se usa otra vez la rutina habitual</translation>
        </message>
        <message>
            <source>What you did is not lost: it waits here and is saved as soon as that is possible.</source>
            <translation>Lo que has hecho no se pierde: espera aquí y se guardará en cuanto sea posible.</translation>
        </message>
        <message>
            <source>Everything that waited is saved now.</source>
            <translation>Todo lo que esperaba ya está guardado.</translation>
        </message>
        <message>
            <source>Get ready.</source>
            <translation>Prepárate.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>Sube</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>Sube.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>Aguanta</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>Aguanta.</translation>
        </message>
        <message>
            <source>Lower</source>
            <translation>Baja</translation>
        </message>
        <message>
            <source>Lower.</source>
            <translation>Baja.</translation>
        </message>
        <message>
            <source>Squeeze</source>
            <translation>Aprieta</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>Aprieta.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>Relaja</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>Relaja.</translation>
        </message>
        <message>
            <source>Go</source>
            <translation>Ya</translation>
        </message>
        <message>
            <source>Go.</source>
            <translation>Ya.</translation>
        </message>
        <message>
            <source>Back.</source>
            <translation>Vuelve.</translation>
        </message>
        <message>
            <source>Get ready to squeeze your buttocks.</source>
            <translation>Prepárate para apretar los glúteos.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back with your knees bent.</source>
            <translation>Prepárate. Túmbate boca arriba con las rodillas dobladas.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back, one foot on the floor, the other leg stretched out.</source>
            <translation>Prepárate. Túmbate boca arriba, con un pie en el suelo y la otra pierna estirada.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your side.</source>
            <translation>Prepárate. Túmbate de lado.</translation>
        </message>
        <message>
            <source>Left side</source>
            <translation>Lado izquierdo</translation>
        </message>
        <message>
            <source>Right side</source>
            <translation>Lado derecho</translation>
        </message>
        <message>
            <source>And {word}</source>
            <translation>Y {word}</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>Buscándote</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>Todavía no</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>Todo listo</translation>
        </message>
        <message>
            <source>Moving</source>
            <translation>En movimiento</translation>
        </message>
        <message>
            <source>At the top</source>
            <translation>Arriba</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>Esperando a la cámara</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Ninguna</translation>
        </message>
        <message>
            <source>One</source>
            <translation>Uno</translation>
        </message>
        <message>
            <source>Two</source>
            <translation>Dos</translation>
        </message>
        <message>
            <source>Three</source>
            <translation>Tres</translation>
        </message>
        <message>
            <source>Four</source>
            <translation>Cuatro</translation>
        </message>
        <message>
            <source>Five</source>
            <translation>Cinco</translation>
        </message>
        <message>
            <source>Six</source>
            <translation>Seis</translation>
        </message>
        <message>
            <source>Seven</source>
            <translation>Siete</translation>
        </message>
        <message>
            <source>Eight</source>
            <translation>Ocho</translation>
        </message>
        <message>
            <source>Nine</source>
            <translation>Nueve</translation>
        </message>
        <message>
            <source>Ten</source>
            <translation>Diez</translation>
        </message>
        <message>
            <source>Eleven</source>
            <translation>Once</translation>
        </message>
        <message>
            <source>Twelve</source>
            <translation>Doce</translation>
        </message>
        <message>
            <source>Thirteen</source>
            <translation>Trece</translation>
        </message>
        <message>
            <source>Fourteen</source>
            <translation>Catorce</translation>
        </message>
        <message>
            <source>Fifteen</source>
            <translation>Quince</translation>
        </message>
        <message>
            <source>Sixteen</source>
            <translation>Dieciséis</translation>
        </message>
        <message>
            <source>Seventeen</source>
            <translation>Diecisiete</translation>
        </message>
        <message>
            <source>Eighteen</source>
            <translation>Dieciocho</translation>
        </message>
        <message>
            <source>Nineteen</source>
            <translation>Diecinueve</translation>
        </message>
        <message>
            <source>Twenty</source>
            <translation>Veinte</translation>
        </message>
        <message>
            <source>How to count</source>
            <translation>Cómo contar</translation>
        </message>
        <message>
            <source>With the camera</source>
            <translation>Con la cámara</translation>
        </message>
        <message>
            <source>With the timer</source>
            <translation>Con el temporizador</translation>
        </message>
        <message>
            <source>The camera counts, times each hold, and names one thing at a time that you could do differently. It is on only while you exercise, and its pictures are not kept.</source>
            <translation>La cámara cuenta, cronometra lo que aguantas y te señala, de una en una, las cosas que podrías hacer de otra forma. Solo está encendida mientras haces ejercicio y sus imágenes no se guardan.</translation>
        </message>
        <message>
            <source>Words on the screen, a voice and tones give you the pace; nothing watches. You can say afterwards if you did fewer.</source>
            <translation>Palabras en pantalla, una voz y tonos te marcan el ritmo; nadie te observa. Al final puedes decir si hiciste menos.</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>Dónde va la cámara</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees, looking at your side.</source>
            <translation>A dos o tres metros, entre el suelo y la altura de tus rodillas, enfocándote de lado.</translation>
        </message>
        <message>
            <source>Your whole body is in the picture, from head to feet.</source>
            <translation>Se te ve de cuerpo entero, de la cabeza a los pies.</translation>
        </message>
        <message>
            <source>The foot that stays on the floor is the one nearer to the camera.</source>
            <translation>El pie que se queda en el suelo es el más cercano a la cámara.</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees. In front of you it sees best; or at your feet and a step to the front, so that it sees your face.</source>
            <translation>A dos o tres metros, entre el suelo y la altura de tus rodillas. Donde mejor ve es delante de ti; o bien a tus pies y un paso hacia delante, para que te vea la cara.</translation>
        </message>
        <message>
            <source>The timer leads you through this exercise.</source>
            <translation>El temporizador te guía en este ejercicio.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Empezar</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pausar</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Parar</translation>
        </message>
        <message>
            <source>Skip ahead</source>
            <translation>Saltar</translation>
        </message>
        <message>
            <source>Go on with the timer</source>
            <translation>Seguir con el temporizador</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>Reflejar la imagen</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Voz</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>Tonos</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>Me duele</translation>
        </message>
        <message>
            <source>Noted that it hurts</source>
            <translation>Anotado que duele</translation>
        </message>
        <message>
            <source>{done} of {wanted}</source>
            <translation>{done} de {wanted}</translation>
        </message>
        <message>
            <source>Last set</source>
            <translation>Última serie</translation>
        </message>
        <message>
            <source>{count} sets left, counting this one</source>
            <translation>Quedan {count} series, contando esta</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>En pausa</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>En pausa. La cámara está apagada.</translation>
        </message>
        <message>
            <source>Paused, because this page could not be seen.</source>
            <translation>En pausa, porque esta página no estaba a la vista.</translation>
        </message>
        <message>
            <source>Paused, because the screen was locked.</source>
            <translation>En pausa, porque la pantalla se bloqueó.</translation>
        </message>
        <message>
            <source>Paused, because the computer was asleep or busy.</source>
            <translation>En pausa, porque el equipo estaba en reposo u ocupado.</translation>
        </message>
        <message>
            <source>No camera was found, so the timer gives you the pace.</source>
            <translation>No se ha encontrado ninguna cámara, así que el temporizador te marca el ritmo.</translation>
        </message>
        <message>
            <source>The camera gives no pictures, so the timer goes on from here.</source>
            <translation>La cámara no da imágenes, así que desde aquí sigue el temporizador.</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures, so the timer goes on from here.</source>
            <translation>El propio Beltline ha fallado con las imágenes de la cámara, así que desde aquí sigue el temporizador.</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Detenido</translation>
        </message>
        <message>
            <source>Keep what you have done?</source>
            <translation>¿Guardar lo que has hecho?</translation>
        </message>
        <message>
            <source>No repetition was counted, so there is nothing to keep.</source>
            <translation>No se ha contado ninguna repetición, así que no hay nada que guardar.</translation>
        </message>
        <message numerus="yes">
            <source>Keep {count} repetitions</source>
            <translation>
                <numerusform>Guardar 1 repetición</numerusform>
                <numerusform>Guardar {count} repeticiones</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} repetitions</source>
            <translation>
                <numerusform>1 repetición</numerusform>
                <numerusform>{count} repeticiones</numerusform>
            </translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Descartar</translation>
        </message>
        <message>
            <source>I did fewer</source>
            <translation>Hice menos</translation>
        </message>
        <message>
            <source>Do this set again</source>
            <translation>Repetir esta serie</translation>
        </message>
        <message>
            <source>How many did you do?</source>
            <translation>¿Cuántas hiciste?</translation>
        </message>
        <message>
            <source>Kept by itself in {seconds} s.</source>
            <translation>Se guarda sola en {seconds} s.</translation>
        </message>
        <message>
            <source>Held for {seconds} s each.</source>
            <translation>Aguantando {seconds} s cada una.</translation>
        </message>
        <message>
            <source>Done. {number}.</source>
            <translation>Terminado. {number}.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Detenido.</translation>
        </message>
    </context>
    <context>
        <name>app.gui.app</name>
        <message>
            <source>The window's library cannot be loaded ({error}). Install libegl1 and libgl1, or use the command line: beltline measure PHOTO.</source>
            <translation>No se puede cargar la biblioteca de la ventana ({error}). Instala libegl1 y libgl1, o usa la línea de comandos: beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>ReminderLink</name>
        <message>
            <source>The break reminder could not be started. Switch it off and on again, or start it on the command line to see why: beltline tray</source>
            <translation>No se ha podido iniciar el recordatorio de pausas. Desactívalo y vuelve a activarlo, o inícialo en la línea de comandos para ver la causa: beltline tray</translation>
        </message>
    </context>
    <context>
        <name>CalibrationPanel</name>
        <message>
            <source>Leave out the last picture</source>
            <translation>Dejar fuera la última foto</translation>
        </message>
        <message>
            <source>Work it out without the picture that was added last</source>
            <translation>Calcula otra vez sin la última foto añadida</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>Olvidar</translation>
        </message>
        <message>
            <source>Drop the calibration; checks made with it stay as they are</source>
            <translation>Borra la calibración; las mediciones hechas con ella se quedan como están</translation>
        </message>
        <message>
            <source>Work it out again</source>
            <translation>Calcular de nuevo</translation>
        </message>
        <message>
            <source>Read the pictures that were kept of it with this version of Beltline</source>
            <translation>Lee con esta versión de Beltline las fotos que se guardaron</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Listo</translation>
        </message>
        <message>
            <source>Go back to measuring</source>
            <translation>Volver a medir</translation>
        </message>
        <message>
            <source>Keep for {name}</source>
            <translation>Guardar para {name}</translation>
        </message>
    </context>
    <context>
        <name>CameraShot</name>
        <message>
            <source>Seconds until the picture is taken</source>
            <translation>Segundos hasta que se haga la foto</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Cámara</translation>
        </message>
        <message>
            <source>Which camera takes the picture</source>
            <translation>Qué cámara hace la foto</translation>
        </message>
        <message>
            <source>Time to walk into the picture</source>
            <translation>Tiempo para entrar en la imagen</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>Sonido</translation>
        </message>
        <message>
            <source>A tone for each second and one for the picture</source>
            <translation>Un tono por segundo y otro para la foto</translation>
        </message>
        <message>
            <source>Take the picture</source>
            <translation>Hacer la foto</translation>
        </message>
        <message>
            <source>Measure this one</source>
            <translation>Medir esta</translation>
        </message>
        <message>
            <source>Retake</source>
            <translation>Repetir</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Intentar de nuevo</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>End the countdown, or leave the camera (Esc)</source>
            <translation>Detiene la cuenta atrás o cierra la cámara (Esc)</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>Buscando la cámara…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>Abriendo la cámara…</translation>
        </message>
        <message>
            <source>in {seconds} s</source>
            <translation>en {seconds} s</translation>
        </message>
    </context>
    <context>
        <name>CameraStage</name>
        <message>
            <source>Camera picture</source>
            <translation>Imagen de la cámara</translation>
        </message>
    </context>
    <context>
        <name>EditPanel</name>
        <message>
            <source>Done</source>
            <translation>Listo</translation>
        </message>
        <message>
            <source>Measure with these marks</source>
            <translation>Medir con estas marcas</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Forget these marks</source>
            <translation>Olvidar estas marcas</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Deshacer</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>Deshace el último paso</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Rehacer</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Rehace lo deshecho</translation>
        </message>
        <message>
            <source>Help on finding the points</source>
            <translation>Ayuda para encontrar los puntos</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>Marcar los dos puntos óseos</translation>
        </message>
        <message>
            <source>Mark something upright</source>
            <translation>Marcar algo vertical</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>Quitar la plomada</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>Añadir una plomada</translation>
        </message>
        <message>
            <source>Assume again that the camera was level</source>
            <translation>Volver a suponer que la cámara estaba recta</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>Se coloca sobre el marco de una puerta o el borde de una pared</translation>
        </message>
    </context>
    <context>
        <name>LandmarkEditor</name>
        <message>
            <source>Is the front point in front?</source>
            <translation>¿El punto delantero está delante?</translation>
        </message>
    </context>
    <context>
        <name>CheckPage</name>
        <message>
            <source>Camera picture</source>
            <translation>Imagen de la cámara</translation>
        </message>
        <message>
            <source>Back to automatic</source>
            <translation>Volver a automático</translation>
        </message>
        <message>
            <source>Show again what was measured without marks</source>
            <translation>Muestra otra vez lo que se midió sin marcas</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>Calibrar…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>Muestra una vez dónde están tus huesos y, desde entonces, la medición será más exacta</translation>
        </message>
        <message>
            <source>Sample</source>
            <translation>Ejemplo</translation>
        </message>
        <message>
            <source>For a number from the bones under the skin</source>
            <translation>Para un número a partir de los huesos bajo la piel</translation>
        </message>
        <message>
            <source>Turn the picture left</source>
            <translation>Girar a la izquierda</translation>
        </message>
        <message>
            <source>Turn the picture right</source>
            <translation>Girar a la derecha</translation>
        </message>
        <message>
            <source>Mark something upright in the picture</source>
            <translation>Marcar algo vertical en la imagen</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>Marcar los puntos óseos a mano</translation>
        </message>
    </context>
    <context>
        <name>PeopleChoice</name>
        <message>
            <source>Someone else is meant</source>
            <translation>Es otra persona</translation>
        </message>
        <message>
            <source>Choose again whom to measure in this picture</source>
            <translation>Elige otra vez a quién medir en esta foto</translation>
        </message>
    </context>
    <context>
        <name>PhoneDialog</name>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
    </context>
    <context>
        <name>RecentPhotos</name>
        <message>
            <source>Photographs that were opened last</source>
            <translation>Fotos abiertas hace poco</translation>
        </message>
        <message>
            <source>Recent</source>
            <translation>Recientes</translation>
        </message>
    </context>
    <context>
        <name>ResultPanel</name>
        <message>
            <source>Result</source>
            <translation>Resultado</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>Midiendo…</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Más sobre este resultado</translation>
        </message>
        <message>
            <source>What this number is</source>
            <translation>Qué es este número</translation>
        </message>
        <message>
            <source>What it is not</source>
            <translation>Qué no es</translation>
        </message>
        <message>
            <source>What else you can do</source>
            <translation>Qué más puedes hacer</translation>
        </message>
        <message>
            <source>More about this picture</source>
            <translation>Más sobre esta foto</translation>
        </message>
    </context>
    <context>
        <name>SaveBar</name>
        <message>
            <source>Whose history this check belongs to</source>
            <translation>A qué historial pertenece esta medición</translation>
        </message>
        <message>
            <source>The day of the picture; correct it if the file is wrong</source>
            <translation>El día de la foto; corrígelo si el archivo está mal</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>Persona</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>Fecha</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Ropa</translation>
        </message>
        <message>
            <source>such as grey leggings</source>
            <translation>p. ej. mallas grises</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Brazos</translation>
        </message>
        <message>
            <source>Where the arms were: they shift the balance of the body</source>
            <translation>Dónde estaban los brazos: cambian el equilibrio del cuerpo</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>anything to remember</source>
            <translation>algo que recordar</translation>
        </message>
        <message>
            <source>Keep a small copy of the picture</source>
            <translation>Guardar una copia pequeña de la foto</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>Sin ella solo se guardan los números</translation>
        </message>
        <message>
            <source>This check is in the history</source>
            <translation>Esta medición está en el historial</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Guardar</translation>
        </message>
        <message>
            <source>Not said</source>
            <translation>Sin indicar</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Guardando…</translation>
        </message>
        <message>
            <source>Saved</source>
            <translation>Guardado</translation>
        </message>
        <message>
            <source>Keep this check</source>
            <translation>Guarda esta medición</translation>
        </message>
        <message>
            <source>Saved. {change}</source>
            <translation>Guardado. {change}</translation>
        </message>
    </context>
    <context>
        <name>LinesModel</name>
        <message>
            <source>Picture</source>
            <translation>Foto</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Resultado</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>Persona</translation>
        </message>
        <message>
            <source>Whose check it is; click to choose</source>
            <translation>De quién es la medición; haz clic para elegir</translation>
        </message>
        <message>
            <source>Taken in</source>
            <translation>Incluida</translation>
        </message>
        <message>
            <source>Left out</source>
            <translation>Excluida</translation>
        </message>
    </context>
    <context>
        <name>PersonDelegate</name>
        <message>
            <source>Person</source>
            <translation>Persona</translation>
        </message>
    </context>
    <context>
        <name>LinesTable</name>
        <message>
            <source>Pictures</source>
            <translation>Fotos</translation>
        </message>
    </context>
    <context>
        <name>SeveralView</name>
        <message>
            <source>Whose checks all of them are that are not saved yet</source>
            <translation>De quién son todas las mediciones aún sin guardar</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Abrir…</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Midiendo</translation>
        </message>
        <message>
            <source>Person for all</source>
            <translation>Persona para todas</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Elegir…</translation>
        </message>
        <message>
            <source>Keep a small copy of the pictures</source>
            <translation>Guardar una copia pequeña de las fotos</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>Sin ella solo se guardan los números</translation>
        </message>
        <message>
            <source>Look at none of them</source>
            <translation>No ver ninguna</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>El resultado anterior a este</translation>
        </message>
        <message>
            <source>Open other photographs</source>
            <translation>Abrir otras fotos</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Parar</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Seguir</translation>
        </message>
    </context>
    <context>
        <name>StartView</name>
        <message>
            <source>Open a photograph…</source>
            <translation>Abrir una foto…</translation>
        </message>
        <message>
            <source>Take one with the camera</source>
            <translation>Hacer una con la cámara</translation>
        </message>
        <message>
            <source>With a countdown, so that you can step back</source>
            <translation>Con cuenta atrás, para que puedas alejarte</translation>
        </message>
        <message>
            <source>Try a sample</source>
            <translation>Probar un ejemplo</translation>
        </message>
        <message>
            <source>A computer-made person, measured like a photograph</source>
            <translation>Una persona virtual, medida como en una foto</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>Calibrar…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>Muestra una vez dónde están tus huesos y, desde entonces, la medición será más exacta</translation>
        </message>
        <message>
            <source>Choose a picture file</source>
            <translation>Elegir un archivo de imagen</translation>
        </message>
    </context>
    <context>
        <name>PhotoIntake</name>
        <message>
            <source>Open photographs</source>
            <translation>Abrir fotos</translation>
        </message>
        <message>
            <source>Pasted picture</source>
            <translation>Imagen pegada</translation>
        </message>
        <message>
            <source>Dropped picture</source>
            <translation>Imagen arrastrada</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Imágenes ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Todos los archivos (*)</translation>
        </message>
    </context>
    <context>
        <name>PictureTools</name>
        <message>
            <source>Open…</source>
            <translation>Abrir…</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Cámara</translation>
        </message>
        <message>
            <source>Take a photograph with the camera</source>
            <translation>Hacer una foto con la cámara</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>All or nothing (O)</source>
            <translation>Todo o nada (O)</translation>
        </message>
        <message>
            <source>Lines</source>
            <translation>Líneas</translation>
        </message>
        <message>
            <source>What is drawn on the picture; all or nothing:</source>
            <translation>Qué se dibuja sobre la imagen; todo o nada:</translation>
        </message>
        <message>
            <source>Open another photograph</source>
            <translation>Abrir otra foto</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>El resultado anterior a este</translation>
        </message>
        <message>
            <source>Zoom out</source>
            <translation>Alejar</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Acercar</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>Ajustar</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Mostrar la imagen entera</translation>
        </message>
        <message>
            <source>Tilt</source>
            <translation>Inclinación</translation>
        </message>
        <message>
            <source>Horizontal line</source>
            <translation>Línea horizontal</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>Línea del cinturón</translation>
        </message>
        <message>
            <source>Outline of the body</source>
            <translation>Contorno del cuerpo</translation>
        </message>
        <message>
            <source>Joints</source>
            <translation>Articulaciones</translation>
        </message>
        <message>
            <source>Upright lines of the room</source>
            <translation>Líneas verticales de la habitación</translation>
        </message>
    </context>
    <context>
        <name>CopiesCard</name>
        <message>
            <source>Earlier copies</source>
            <translation>Copias anteriores</translation>
        </message>
        <message>
            <source>Copies of earlier days</source>
            <translation>Copias de días anteriores</translation>
        </message>
        <message>
            <source>None yet</source>
            <translation>Todavía ninguna</translation>
        </message>
        <message>
            <source>Go back to this copy…</source>
            <translation>Volver a esta copia…</translation>
        </message>
        <message>
            <source>Save what can be read</source>
            <translation>Rescatar lo que se pueda leer</translation>
        </message>
        <message>
            <source>Goes on with it; the damaged file is kept beside it</source>
            <translation>Sigue con eso; el archivo dañado se guarda al lado</translation>
        </message>
        <message>
            <source>Go back to this copy</source>
            <translation>Volver a esta copia</translation>
        </message>
        <message>
            <source>Go back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>Beltline copies your history on each day on which something new is kept, and keeps the last {days} copies on this computer.</source>
            <translation>Beltline copia tu historial cada día en que se guarda algo nuevo y conserva las últimas {days} copias en este equipo.</translation>
        </message>
        <message>
            <source>Go back to the history as it was at the beginning of {day}? The history as it is now is not deleted: it is kept beside it.</source>
            <translation>¿Volver al historial tal como estaba al empezar el {day}? El historial actual no se borra: se guarda al lado.</translation>
        </message>
    </context>
    <context>
        <name>HurtsButton</name>
        <message>
            <source>Stop at once (H)</source>
            <translation>Parar enseguida (H)</translation>
        </message>
        <message>
            <source>Stops the exercise at once</source>
            <translation>Detiene el ejercicio enseguida</translation>
        </message>
    </context>
    <context>
        <name>SetupCard</name>
        <message>
            <source>Start this set after five seconds</source>
            <translation>Empieza esta serie a los cinco segundos</translation>
        </message>
        <message>
            <source>Leave this exercise (Esc)</source>
            <translation>Salir de este ejercicio (Esc)</translation>
        </message>
        <message>
            <source>Only what you see: it is counted in what the camera sees</source>
            <translation>Solo cambia lo que ves; se cuenta sobre lo que ve la cámara</translation>
        </message>
    </context>
    <context>
        <name>EndCard</name>
        <message>
            <source>End of the set</source>
            <translation>Fin de la serie</translation>
        </message>
        <message>
            <source>Put this set into your diary</source>
            <translation>Anota esta serie en tu diario</translation>
        </message>
        <message>
            <source>Start this set again</source>
            <translation>Empieza esta serie de nuevo</translation>
        </message>
        <message>
            <source>Say how many repetitions you have done</source>
            <translation>Di cuántas repeticiones has hecho</translation>
        </message>
        <message>
            <source>Go on with this set</source>
            <translation>Sigue con esta serie</translation>
        </message>
        <message>
            <source>Do not keep this set</source>
            <translation>No guarda esta serie</translation>
        </message>
        <message>
            <source>Leave this exercise</source>
            <translation>Salir de este ejercicio</translation>
        </message>
        <message>
            <source>One fewer</source>
            <translation>Una menos</translation>
        </message>
        <message>
            <source>One more</source>
            <translation>Una más</translation>
        </message>
    </context>
    <context>
        <name>ExercisePlayer</name>
        <message>
            <source>Go on (Space)</source>
            <translation>Seguir (Espacio)</translation>
        </message>
        <message>
            <source>Pause for now (Space)</source>
            <translation>Pausar por ahora (Espacio)</translation>
        </message>
        <message>
            <source>Go to what comes next</source>
            <translation>Pasa a lo que viene después</translation>
        </message>
        <message>
            <source>Switch the camera off; what was counted stays</source>
            <translation>Apaga la cámara; lo contado se conserva</translation>
        </message>
        <message>
            <source>End this set (Esc)</source>
            <translation>Terminar esta serie (Esc)</translation>
        </message>
        <message>
            <source>What to do, and the count, are spoken</source>
            <translation>Se dicen en voz alta las indicaciones y la cuenta</translation>
        </message>
        <message>
            <source>Tones mark each phase, and stand in for a voice</source>
            <translation>Los tonos marcan cada fase y sustituyen a la voz</translation>
        </message>
    </context>
    <context>
        <name>CoachStage</name>
        <message>
            <source>Picture of the camera</source>
            <translation>Imagen de la cámara</translation>
        </message>
    </context>
    <context>
        <name>ExerciseTimer</name>
        <message>
            <source>Timer</source>
            <translation>Temporizador</translation>
        </message>
    </context>
    <context>
        <name>SaveLogButton</name>
        <message>
            <source>Save log…</source>
            <translation>Guardar registro…</translation>
        </message>
        <message>
            <source>Save the log</source>
            <translation>Guardar el registro</translation>
        </message>
        <message>
            <source>The log was not saved: {why}. Choose another folder.</source>
            <translation>El registro no se ha guardado: {why}. Elige otra carpeta.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>Guardado como {name}.</translation>
        </message>
    </context>
    <context>
        <name>LogDialog</name>
        <message>
            <source>What went wrong in Beltline, for a report about a fault. There are no names, notes or pictures in it. It is sent nowhere.</source>
            <translation>Lo que ha ido mal en Beltline, para informar de un fallo. No contiene nombres, notas ni fotos. No se envía a ningún sitio.</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Registro</translation>
        </message>
        <message>
            <source>The log</source>
            <translation>El registro</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copiar</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <source>Nothing is in the log.</source>
            <translation>No hay nada en el registro.</translation>
        </message>
    </context>
    <context>
        <name>CrashWindow</name>
        <message>
            <source>Something in Beltline did not work just now, through no fault of yours.</source>
            <translation>Algo en Beltline acaba de fallar, y no es culpa tuya.</translation>
        </message>
        <message>
            <source>What you saved is safe. Nothing was sent anywhere. If it happens again, save the log and send it with a report.</source>
            <translation>Lo que guardaste está a salvo. No se ha enviado nada. Si vuelve a pasar, guarda el registro y envíalo al informar del fallo.</translation>
        </message>
        <message>
            <source>Something went wrong</source>
            <translation>Algo ha ido mal</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Seguir</translation>
        </message>
        <message>
            <source>Close Beltline</source>
            <translation>Cerrar Beltline</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>Qué funciona aquí…</translation>
        </message>
    </context>
    <context>
        <name>HelpButtons</name>
        <message>
            <source>First steps…</source>
            <translation>Primeros pasos…</translation>
        </message>
        <message>
            <source>The three questions of the first start, once more</source>
            <translation>Otra vez las tres preguntas del primer inicio</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>Qué funciona aquí…</translation>
        </message>
        <message>
            <source>Looks at camera, voice, letters and all else, and helps to mend it</source>
            <translation>Revisa la cámara, la voz, las letras y lo demás, y ayuda a arreglarlo</translation>
        </message>
    </context>
    <context>
        <name>HelpDoor</name>
        <message>
            <source>Renamed {before}</source>
            <translation>Nombre cambiado: {before}</translation>
        </message>
    </context>
    <context>
        <name>FirstSteps</name>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted. It measures; it is no doctor. Three questions, and you can begin.</source>
            <translation>Beltline mide, en una foto de perfil, cuánto se inclina tu pelvis. Mide, pero no es médico. Tres preguntas y ya puedes empezar.</translation>
        </message>
        <message>
            <source>All of these are there later, too.</source>
            <translation>Más adelante podrás usar cualquiera de estas opciones.</translation>
        </message>
        <message>
            <source>Not now</source>
            <translation>Ahora no</translation>
        </message>
        <message>
            <source>Settings asks again whenever you like</source>
            <translation>En Ajustes puedes volver a estas preguntas cuando quieras</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>Who is it for?</source>
            <translation>¿Para quién es?</translation>
        </message>
        <message>
            <source>How do you get a picture?</source>
            <translation>¿De dónde sale la foto?</translation>
        </message>
        <message>
            <source>What first?</source>
            <translation>¿Por dónde empezar?</translation>
        </message>
        <message>
            <source>Name of the first person</source>
            <translation>Nombre de la primera persona</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Empezar</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Siguiente</translation>
        </message>
        <message>
            <source>Step {n} of {count}</source>
            <translation>Paso {n} de {count}</translation>
        </message>
        <message>
            <source>Only me</source>
            <translation>Solo para mí</translation>
        </message>
        <message>
            <source>Nothing to set up.</source>
            <translation>No hay nada que preparar.</translation>
        </message>
        <message>
            <source>Several people</source>
            <translation>Para varias personas</translation>
        </message>
        <message>
            <source>A practice or a family: each person has a history of their own.</source>
            <translation>Una consulta o una familia: cada persona tiene su propio historial.</translation>
        </message>
        <message>
            <source>You choose whose turn it is at the bottom left of the window, and add people under Settings. Everything stays on this computer, in {folder}.</source>
            <translation>Abajo a la izquierda de la ventana eliges a quién le toca, y en Ajustes añades personas. Todo se queda en este equipo, en {folder}.</translation>
        </message>
        <message>
            <source>This computer's camera</source>
            <translation>La cámara de este equipo</translation>
        </message>
        <message>
            <source>It counts down, so that you can step back.</source>
            <translation>Lleva cuenta atrás, para que puedas alejarte.</translation>
        </message>
        <message>
            <source>My phone</source>
            <translation>Mi teléfono</translation>
        </message>
        <message>
            <source>It sends the pictures over your own network, to this computer only.</source>
            <translation>Envía las fotos por tu propia red, solo a este equipo.</translation>
        </message>
        <message>
            <source>A photograph</source>
            <translation>Una foto guardada</translation>
        </message>
        <message>
            <source>A picture file that you have already.</source>
            <translation>Un archivo de imagen que ya tienes.</translation>
        </message>
        <message>
            <source>I only look around</source>
            <translation>Solo quiero echar un vistazo</translation>
        </message>
        <message>
            <source>No picture for now.</source>
            <translation>De momento, sin foto.</translation>
        </message>
        <message>
            <source>The sample picture</source>
            <translation>La foto de ejemplo</translation>
        </message>
        <message>
            <source>A computer-made person, so that you see what comes out of it.</source>
            <translation>Una persona virtual, para que veas qué resultado da.</translation>
        </message>
        <message>
            <source>A short tour</source>
            <translation>Un recorrido breve</translation>
        </message>
        <message>
            <source>Two minutes through the window; you can leave it at any time.</source>
            <translation>Dos minutos por la ventana; puedes salir en cualquier momento.</translation>
        </message>
        <message>
            <source>Straight on</source>
            <translation>Ir directamente</translation>
        </message>
        <message>
            <source>To where your own pictures begin.</source>
            <translation>Adonde empiezan tus propias fotos.</translation>
        </message>
    </context>
    <context>
        <name>CheckBrowser</name>
        <message>
            <source>Select two checks to compare them (Ctrl+K)</source>
            <translation>Selecciona dos mediciones para compararlas (Ctrl+K)</translation>
        </message>
        <message>
            <source>Delete the selected checks (Delete)</source>
            <translation>Eliminar las mediciones seleccionadas (Supr)</translation>
        </message>
        <message>
            <source>Show all checks</source>
            <translation>Ver todas las mediciones</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Comparar</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Eliminar</translation>
        </message>
    </context>
    <context>
        <name>CheckFilter</name>
        <message>
            <source>Search clothes and notes</source>
            <translation>Buscar en ropa y notas</translation>
        </message>
        <message>
            <source>Dates to show</source>
            <translation>Fechas que mostrar</translation>
        </message>
        <message>
            <source>Way of measuring to show</source>
            <translation>Forma de medir que mostrar</translation>
        </message>
        <message>
            <source>Clothes to show</source>
            <translation>Ropa que mostrar</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Quitar filtros</translation>
        </message>
        <message>
            <source>All dates</source>
            <translation>Todas las fechas</translation>
        </message>
        <message>
            <source>Last month</source>
            <translation>Último mes</translation>
        </message>
        <message>
            <source>Last 3 months</source>
            <translation>Últimos 3 meses</translation>
        </message>
        <message>
            <source>Last year</source>
            <translation>Último año</translation>
        </message>
        <message>
            <source>From … to …</source>
            <translation>De … a …</translation>
        </message>
        <message>
            <source>All methods</source>
            <translation>Todos los métodos</translation>
        </message>
        <message>
            <source>All clothes</source>
            <translation>Toda la ropa</translation>
        </message>
        <message>
            <source>to</source>
            <translation>a</translation>
        </message>
        <message>
            <source>Search clothes and notes (Ctrl+F)</source>
            <translation>Buscar en ropa y notas (Ctrl+F)</translation>
        </message>
        <message>
            <source>First day to show</source>
            <translation>Primer día que mostrar</translation>
        </message>
        <message>
            <source>Last day to show</source>
            <translation>Último día que mostrar</translation>
        </message>
        <message>
            <source>Show all checks again</source>
            <translation>Vuelve a mostrar todas las mediciones</translation>
        </message>
        <message>
            <source>Nothing said</source>
            <translation>Sin indicar</translation>
        </message>
    </context>
    <context>
        <name>CheckDetail</name>
        <message>
            <source>The check in full</source>
            <translation>La medición completa</translation>
        </message>
        <message>
            <source>The picture with what was measured</source>
            <translation>La foto con lo que se midió</translation>
        </message>
        <message>
            <source>Close the check</source>
            <translation>Cerrar la medición</translation>
        </message>
        <message>
            <source>Close the check (Escape)</source>
            <translation>Cerrar la medición (Esc)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Más sobre este resultado</translation>
        </message>
        <message>
            <source>Numbers and conditions of the check</source>
            <translation>Números y condiciones de la medición</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>Fecha</translation>
        </message>
        <message>
            <source>The day of the picture; correct it here</source>
            <translation>El día de la foto; corrígelo aquí</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Ropa</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Brazos</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>sin indicar</translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message>
            <source>How much of the later picture shows, in percent</source>
            <translation>Cuánto se ve de la foto posterior, en porcentaje</translation>
        </message>
        <message>
            <source>Compare two checks</source>
            <translation>Comparar dos mediciones</translation>
        </message>
        <message>
            <source>Back to all checks</source>
            <translation>Volver a todas las mediciones</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Volver a todas las mediciones (Esc)</translation>
        </message>
        <message>
            <source>Side by side</source>
            <translation>Una junto a otra</translation>
        </message>
        <message>
            <source>Laid over each other</source>
            <translation>Superpuestas</translation>
        </message>
        <message>
            <source>The later picture laid over the earlier one</source>
            <translation>La foto posterior encima de la anterior</translation>
        </message>
        <message>
            <source>Earlier</source>
            <translation>Anterior</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Posterior</translation>
        </message>
    </context>
    <context>
        <name>_Side</name>
        <message>
            <source>{which} picture</source>
            <translation>Foto {which}</translation>
        </message>
    </context>
    <context>
        <name>ExperimentSection</name>
        <message>
            <source>Did it help?</source>
            <translation>¿Ha servido?</translation>
        </message>
    </context>
    <context>
        <name>ExperimentView</name>
        <message>
            <source>Back to all checks</source>
            <translation>Volver a todas las mediciones</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Volver a todas las mediciones (Esc)</translation>
        </message>
    </context>
    <context>
        <name>HistoryPage</name>
        <message>
            <source>History</source>
            <translation>Historial</translation>
        </message>
        <message>
            <source>Next check: due since {day}</source>
            <translation>Próxima medición: pendiente desde el {day}</translation>
        </message>
        <message>
            <source>Next check: {day}</source>
            <translation>Próxima medición: {day}</translation>
        </message>
        <message>
            <source>Report…</source>
            <translation>Informe…</translation>
        </message>
        <message>
            <source>Write a PDF to bring to a physiotherapist</source>
            <translation>Crea un PDF para llevar al fisioterapeuta</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportar…</translation>
        </message>
        <message>
            <source>Write all checks to a file for other programs</source>
            <translation>Guarda todas las mediciones en un archivo para otros programas</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>Importar…</translation>
        </message>
        <message>
            <source>Read checks from a file that was exported before</source>
            <translation>Lee mediciones de un archivo exportado antes</translation>
        </message>
    </context>
    <context>
        <name>HistoryActions</name>
        <message>
            <source>Spreadsheet, checks only (*.csv)</source>
            <translation>Hoja de cálculo, solo mediciones (*.csv)</translation>
        </message>
        <message>
            <source>Everything (*.json)</source>
            <translation>Todo (*.json)</translation>
        </message>
        <message>
            <source>Export all checks</source>
            <translation>Exportar todas las mediciones</translation>
        </message>
        <message>
            <source>Backup (*.zip)</source>
            <translation>Copia de seguridad (*.zip)</translation>
        </message>
        <message>
            <source>Backed up to {path}: {checks} checks, {pictures} pictures.</source>
            <translation>Copia de seguridad en {path}: {checks} mediciones, {pictures} fotos.</translation>
        </message>
        <message>
            <source>Brought back: {new} checks, {pictures} pictures. Already there: {old} checks.</source>
            <translation>Recuperado: {new} mediciones, {pictures} fotos. Ya estaban: {old} mediciones.</translation>
        </message>
        <message>
            <source>Import checks</source>
            <translation>Importar mediciones</translation>
        </message>
        <message>
            <source>Checks added: {new}. Already there, and left as they are: {old}.</source>
            <translation>Mediciones añadidas: {new}. Ya estaban y no se han tocado: {old}.</translation>
        </message>
        <message>
            <source>Exported checks and backups (*.csv *.json *.zip)</source>
            <translation>Mediciones exportadas y copias de seguridad (*.csv *.json *.zip)</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}.</source>
            <translation>Ejercicios, pausas, autoevaluaciones, respuestas y calibraciones añadidos: {count}.</translation>
        </message>
        <message>
            <source>Back up everything</source>
            <translation>Hacer copia de seguridad de todo</translation>
        </message>
        <message>
            <source>Checks written to {path}: {count}.</source>
            <translation>Mediciones guardadas en {path}: {count}.</translation>
        </message>
        <message>
            <source>Squeeze tests added: {count}.</source>
            <translation>Pruebas de glúteos añadidas: {count}.</translation>
        </message>
    </context>
    <context>
        <name>RangeModel</name>
        <message>
            <source>Date</source>
            <translation>Fecha</translation>
        </message>
        <message>
            <source>Range (likely)</source>
            <translation>Movilidad (probable)</translation>
        </message>
        <message>
            <source>Relaxed, from tucked to arched (likely)</source>
            <translation>Relajado, entre metido y sacado (probable)</translation>
        </message>
        <message>
            <source>Measured by</source>
            <translation>Medido por</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Dónde</translation>
        </message>
    </context>
    <context>
        <name>SelfTestSection</name>
        <message>
            <source>Deleted {tests}</source>
            <translation>Eliminado: {tests}</translation>
        </message>
    </context>
    <context>
        <name>SelfTestList</name>
        <message>
            <source>Back to all checks</source>
            <translation>Volver a todas las mediciones</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Volver a todas las mediciones (Esc)</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Eliminar</translation>
        </message>
        <message>
            <source>Delete the selected tests (Delete)</source>
            <translation>Eliminar las pruebas seleccionadas (Supr)</translation>
        </message>
    </context>
    <context>
        <name>SqueezeSection</name>
        <message>
            <source>Answer changed</source>
            <translation>Respuesta cambiada</translation>
        </message>
    </context>
    <context>
        <name>SqueezeModel</name>
        <message>
            <source>Date</source>
            <translation>Fecha</translation>
        </message>
        <message>
            <source>Turn (likely)</source>
            <translation>Giro (probable)</translation>
        </message>
    </context>
    <context>
        <name>CheckModel</name>
        <message>
            <source>Date</source>
            <translation>Fecha</translation>
        </message>
        <message>
            <source>Tilt (likely)</source>
            <translation>Inclinación (probable)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>Método</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Ropa</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Brazos</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Foto</translation>
        </message>
        <message>
            <source>kept</source>
            <translation>guardada</translation>
        </message>
        <message>
            <source>none</source>
            <translation>ninguna</translation>
        </message>
    </context>
    <context>
        <name>CheckList</name>
        <message>
            <source>Checks</source>
            <translation>Mediciones</translation>
        </message>
        <message>
            <source>Enter opens a check, F2 edits clothes or note, Delete deletes.</source>
            <translation>Intro abre una medición, F2 cambia la ropa o la nota y Supr elimina.</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Mostrar</translation>
        </message>
        <message>
            <source>Compare the two</source>
            <translation>Comparar las dos</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Eliminar</translation>
        </message>
        <message>
            <source>Edit clothes</source>
            <translation>Cambiar la ropa</translation>
        </message>
        <message>
            <source>Edit note</source>
            <translation>Cambiar la nota</translation>
        </message>
    </context>
    <context>
        <name>TrendPanel</name>
        <message>
            <source>Way of measuring that the trend shows</source>
            <translation>Forma de medir que muestra la evolución</translation>
        </message>
        <message>
            <source>Different ways of measuring are never mixed: choose the one to see</source>
            <translation>Nunca se mezclan formas de medir distintas: elige la que quieras ver</translation>
        </message>
        <message>
            <source>Show less time (+)</source>
            <translation>Mostrar menos tiempo (+)</translation>
        </message>
        <message>
            <source>Show more time (-)</source>
            <translation>Mostrar más tiempo (-)</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>Mostrar todo</translation>
        </message>
        <message>
            <source>Show all checks in the trend (0)</source>
            <translation>Mostrar todas las mediciones en la evolución (0)</translation>
        </message>
    </context>
    <context>
        <name>TrendPlot</name>
        <message>
            <source>Tilt over time</source>
            <translation>Inclinación a lo largo del tiempo</translation>
        </message>
        <message>
            <source>Left and Right go from check to check, Enter opens one, plus and minus zoom, Shift with an arrow moves the view, 0 shows all.</source>
            <translation>Izquierda y Derecha pasan de una medición a otra, Intro abre una, más y menos acercan y alejan, Mayús con una flecha desplaza la vista y 0 muestra todo.</translation>
        </message>
    </context>
    <context>
        <name>KeysDialog</name>
        <message>
            <source>Keys</source>
            <translation>Teclas</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <source>Everywhere</source>
            <translation>En todas partes</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Medir</translation>
        </message>
        <message>
            <source>Marking points</source>
            <translation>Marcar puntos</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>En directo</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Ejercicios</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historial</translation>
        </message>
        <message>
            <source>The first page; Ctrl+2 the second, and so on</source>
            <translation>La primera página; Ctrl+2, la segunda, y así sucesivamente</translation>
        </message>
        <message>
            <source>Open a photograph</source>
            <translation>Abrir una foto</translation>
        </message>
        <message>
            <source>Measure a picture that was copied</source>
            <translation>Medir una imagen copiada</translation>
        </message>
        <message>
            <source>Take back what was done last</source>
            <translation>Deshacer lo último que se hizo</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Rehacer lo deshecho</translation>
        </message>
        <message>
            <source>Larger text; Ctrl+- makes it smaller (not on Check)</source>
            <translation>Texto más grande; Ctrl+- lo hace más pequeño (salvo en Medir)</translation>
        </message>
        <message>
            <source>The usual text size</source>
            <translation>El tamaño de texto habitual</translation>
        </message>
        <message>
            <source>Fill the screen, or leave it</source>
            <translation>Ocupar toda la pantalla o dejar de hacerlo</translation>
        </message>
        <message>
            <source>This list</source>
            <translation>Esta lista</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Salir</translation>
        </message>
        <message>
            <source>Save the check</source>
            <translation>Guardar la medición</translation>
        </message>
        <message>
            <source>Copy the result: words and picture</source>
            <translation>Copiar el resultado: texto e imagen</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>Marcar los puntos óseos a mano</translation>
        </message>
        <message>
            <source>Back to the result before</source>
            <translation>Volver al resultado anterior</translation>
        </message>
        <message>
            <source>Choose the first of several people; 2 the second</source>
            <translation>Elegir a la primera de varias personas; 2, a la segunda</translation>
        </message>
        <message>
            <source>Open the selected one of several pictures</source>
            <translation>Abrir la foto seleccionada de varias</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Mostrar la imagen entera</translation>
        </message>
        <message>
            <source>Zoom in; Ctrl+- zooms out</source>
            <translation>Acercar; Ctrl+- aleja</translation>
        </message>
        <message>
            <source>Draw all lines, or none</source>
            <translation>Dibujar todas las líneas o ninguna</translation>
        </message>
        <message>
            <source>The next point</source>
            <translation>El punto siguiente</translation>
        </message>
        <message>
            <source>Arrow keys move the point; with Shift faster</source>
            <translation>Las flechas mueven el punto; con Mayús, más rápido</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Listo</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Stop; any other key does, too</source>
            <translation>Parar; también vale cualquier otra tecla</translation>
        </message>
        <message>
            <source>Pause, or go on</source>
            <translation>Pausar o seguir</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>Me duele</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Buscar</translation>
        </message>
        <message>
            <source>Show the selected check</source>
            <translation>Mostrar la medición seleccionada</translation>
        </message>
        <message>
            <source>Copy the check that is shown</source>
            <translation>Copiar la medición que se muestra</translation>
        </message>
        <message>
            <source>Compare the two that are selected</source>
            <translation>Comparar las dos seleccionadas</translation>
        </message>
        <message>
            <source>Delete what is selected</source>
            <translation>Eliminar lo seleccionado</translation>
        </message>
        <message>
            <source>Read the history again</source>
            <translation>Leer otra vez el historial</translation>
        </message>
    </context>
    <context>
        <name>LiveIntro</name>
        <message>
            <source>Switch the camera on and begin</source>
            <translation>Enciende la cámara y empieza</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Empezar</translation>
        </message>
    </context>
    <context>
        <name>LiveSetup</name>
        <message>
            <source>Measuring more often makes a check surer</source>
            <translation>Cuantas más veces mides, más segura es la medición</translation>
        </message>
        <message>
            <source>More shows the outline better, but is slower</source>
            <translation>Con más se ve mejor el contorno, pero es más lento</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>Preparación</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Qué hacer</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Medición</translation>
        </message>
        <message>
            <source>Measure the tilt of the pelvis</source>
            <translation>Medir la inclinación de la pelvis</translation>
        </message>
        <message>
            <source>Squeeze test</source>
            <translation>Prueba de glúteos</translation>
        </message>
        <message>
            <source>See how far the pelvis turns backward when you squeeze your buttocks</source>
            <translation>Mira cuánto gira la pelvis hacia atrás al apretar los glúteos</translation>
        </message>
        <message>
            <source>See how far you can turn the pelvis, and where you stand in between</source>
            <translation>Mira cuánto puedes mover la pelvis y en qué punto intermedio la llevas de pie</translation>
        </message>
        <message>
            <source>From three photographs…</source>
            <translation>A partir de tres fotos…</translation>
        </message>
        <message>
            <source>Work out the range test from a picture of each position</source>
            <translation>Calcula la prueba de movilidad con una foto de cada posición</translation>
        </message>
        <message>
            <source>Repeats</source>
            <translation>Repeticiones</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Cámara</translation>
        </message>
        <message>
            <source>Resolution</source>
            <translation>Resolución</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>Reflejar la imagen</translation>
        </message>
        <message>
            <source>This changes what you see, not what is measured</source>
            <translation>Cambia lo que ves, no lo que se mide</translation>
        </message>
        <message>
            <source>Start when this page opens</source>
            <translation>Empezar al abrir esta página</translation>
        </message>
        <message>
            <source>Otherwise the camera waits for Start each time</source>
            <translation>Si no, la cámara espera cada vez a que pulses Empezar</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>Dónde va la cámara</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>Sonido</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Voz</translation>
        </message>
        <message>
            <source>Instructions are spoken</source>
            <translation>Las indicaciones se dicen en voz alta</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>Tonos</translation>
        </message>
        <message>
            <source>For the beginning and the end, and where there is no voice</source>
            <translation>Para el principio y el final, y donde no hay voz</translation>
        </message>
    </context>
    <context>
        <name>LiveResult</name>
        <message>
            <source>Result of the live check</source>
            <translation>Resultado de la medición en directo</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Más sobre este resultado</translation>
        </message>
        <message>
            <source>Check again</source>
            <translation>Medir otra vez</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>Vuelve a encender la cámara</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Eliminar</translation>
        </message>
        <message>
            <source>Remove this check from the history</source>
            <translation>Quita esta medición del historial</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Conservar</translation>
        </message>
        <message>
            <source>Save what was measured so far</source>
            <translation>Guarda lo medido hasta ahora</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Descartar</translation>
        </message>
        <message>
            <source>Save nothing</source>
            <translation>No guarda nada</translation>
        </message>
        <message>
            <source>Calibrate with this check</source>
            <translation>Calibrar con esta medición</translation>
        </message>
        <message>
            <source>Learn from the stickers how your bones differ from your outline</source>
            <translation>Aprende de las pegatinas en qué se diferencian tus huesos de tu contorno</translation>
        </message>
    </context>
    <context>
        <name>LivePage</name>
        <message>
            <source>Pause</source>
            <translation>Pausar</translation>
        </message>
        <message>
            <source>Switch the camera off for now</source>
            <translation>Apaga la cámara por ahora</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Parar</translation>
        </message>
        <message>
            <source>Stop; what was measured can be kept (Esc)</source>
            <translation>Parar; lo medido se puede guardar (Esc)</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>Preparación</translation>
        </message>
        <message>
            <source>Show or hide the set-up</source>
            <translation>Muestra u oculta la preparación</translation>
        </message>
    </context>
    <context>
        <name>RangePhotographs</name>
        <message>
            <source>Back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>Back to the camera</source>
            <translation>Volver a la cámara</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Imágenes ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Todos los archivos (*)</translation>
        </message>
    </context>
    <context>
        <name>LiveStage</name>
        <message>
            <source>Live picture</source>
            <translation>Imagen en directo</translation>
        </message>
    </context>
    <context>
        <name>LiveTest</name>
        <message>
            <source>Test again</source>
            <translation>Repetir la prueba</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>Vuelve a encender la cámara</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Eliminar</translation>
        </message>
        <message>
            <source>Remove this test from the history</source>
            <translation>Quita esta prueba del historial</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Guardar</translation>
        </message>
        <message>
            <source>Try to save this test again</source>
            <translation>Intenta guardar otra vez esta prueba</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Usual text size</source>
            <translation>Tamaño de texto habitual</translation>
        </message>
        <message>
            <source>There is no backup of your checks yet. Settings makes one.</source>
            <translation>Todavía no hay copia de seguridad de tus mediciones. Puedes hacerla en Ajustes.</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Salir</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Deshacer</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Rehacer</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Teclas</translation>
        </message>
        <message>
            <source>Full screen</source>
            <translation>Pantalla completa</translation>
        </message>
        <message>
            <source>Your last backup is from {day}. Settings makes a new one.</source>
            <translation>Tu última copia de seguridad es del {day}. Puedes hacer otra en Ajustes.</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Abrir</translation>
        </message>
        <message>
            <source>Paste</source>
            <translation>Pegar</translation>
        </message>
        <message>
            <source>Larger text</source>
            <translation>Texto más grande</translation>
        </message>
        <message>
            <source>Smaller text</source>
            <translation>Texto más pequeño</translation>
        </message>
    </context>
    <context>
        <name>Navigation</name>
        <message>
            <source>Pages</source>
            <translation>Páginas</translation>
        </message>
        <message>
            <source>Find, add or change people…</source>
            <translation>Buscar, añadir o cambiar personas…</translation>
        </message>
        <message>
            <source>Whose checks are shown: {name}</source>
            <translation>De quién son las mediciones que se muestran: {name}</translation>
        </message>
        <message>
            <source>{title}: a break is due</source>
            <translation>{title}: toca una pausa</translation>
        </message>
        <message>
            <source>Person: {name}</source>
            <translation>Persona: {name}</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Deleted all people with all their checks</source>
            <translation>Eliminadas todas las personas con todas sus mediciones</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Medir</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>En directo</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Ejercicios</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>Sentarse menos</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historial</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Ajustes</translation>
        </message>
    </context>
    <context>
        <name>PeopleCard</name>
        <message>
            <source>Each person has a history of their own. To rename somebody, select the name and press F2, or click it twice.</source>
            <translation>Cada persona tiene su propio historial. Para cambiar un nombre, selecciónalo y pulsa F2, o haz doble clic en él.</translation>
        </message>
        <message>
            <source>People</source>
            <translation>Personas</translation>
        </message>
        <message>
            <source>Search by name or ID</source>
            <translation>Buscar por nombre o ID</translation>
        </message>
        <message>
            <source>How people are sorted</source>
            <translation>Orden de las personas</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Nombre</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>ID</translation>
        </message>
        <message>
            <source>Last seen</source>
            <translation>Última visita</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>Próxima medición</translation>
        </message>
        <message>
            <source>People whose checks are kept</source>
            <translation>Personas con mediciones guardadas</translation>
        </message>
        <message>
            <source>Name of the person to add</source>
            <translation>Nombre de la persona que quieres añadir</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Añadir</translation>
        </message>
        <message>
            <source>Add person</source>
            <translation>Añadir persona</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Quitar</translation>
        </message>
        <message>
            <source>Remove the selected person</source>
            <translation>Quita a la persona seleccionada</translation>
        </message>
        <message>
            <source>Show checks</source>
            <translation>Ver mediciones</translation>
        </message>
        <message>
            <source>Go on with the selected person</source>
            <translation>Sigue con la persona seleccionada</translation>
        </message>
        <message>
            <source>Renamed {before}</source>
            <translation>Nombre cambiado: {before}</translation>
        </message>
        <message>
            <source>Select the person to remove first.</source>
            <translation>Selecciona primero a quién quieres quitar.</translation>
        </message>
        <message>
            <source>Removed {name} with all checks</source>
            <translation>Eliminado: {name}, con todas las mediciones</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>pendiente desde el {day}</translation>
        </message>
        <message>
            <source>Added {name}</source>
            <translation>Persona añadida: {name}</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>Por nombre</translation>
        </message>
        <message>
            <source>Last seen first</source>
            <translation>Última visita primero</translation>
        </message>
        <message>
            <source>Next check first</source>
            <translation>Próxima medición primero</translation>
        </message>
    </context>
    <context>
        <name>DetailsRow</name>
        <message>
            <source>ID of the selected person</source>
            <translation>ID de la persona seleccionada</translation>
        </message>
        <message>
            <source>Birth year of the selected person</source>
            <translation>Año de nacimiento de la persona seleccionada</translation>
        </message>
        <message>
            <source>Next check of the selected person</source>
            <translation>Próxima medición de la persona seleccionada</translation>
        </message>
        <message>
            <source>On that day a line in the window reminds you.</source>
            <translation>Ese día te lo recuerda un aviso en la ventana.</translation>
        </message>
        <message>
            <source>Day of the next check</source>
            <translation>Día de la próxima medición</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>ID</translation>
        </message>
        <message>
            <source>Born</source>
            <translation>Nacimiento</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>Próxima medición</translation>
        </message>
        <message>
            <source>Changed what is known of {name}</source>
            <translation>Datos cambiados: {name}</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Ninguna</translation>
        </message>
        <message>
            <source>On a day</source>
            <translation>Un día concreto</translation>
        </message>
    </context>
    <context>
        <name>MarkEditor</name>
        <message>
            <source>{name}: drag it, or use the arrow keys; Tab goes to the next</source>
            <translation>{name}: arrástralo o usa las flechas; Tab pasa al siguiente</translation>
        </message>
        <message>
            <source>Front point</source>
            <translation>Punto delantero</translation>
        </message>
        <message>
            <source>Back point</source>
            <translation>Punto de atrás</translation>
        </message>
        <message>
            <source>Upper end of the plumb line</source>
            <translation>Extremo superior de la plomada</translation>
        </message>
        <message>
            <source>Lower end of the plumb line</source>
            <translation>Extremo inferior de la plomada</translation>
        </message>
    </context>
    <context>
        <name>PointsDrawing</name>
        <message>
            <source>Drawing: where the two bony points are</source>
            <translation>Dibujo: dónde están los dos puntos óseos</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>punto delantero</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>punto de atrás</translation>
        </message>
    </context>
    <context>
        <name>PictureView</name>
        <message>
            <source>Picture</source>
            <translation>Imagen</translation>
        </message>
    </context>
    <context>
        <name>PracticeCard</name>
        <message>
            <source>For physiotherapists: this stands at the top of each report. Others leave it empty.</source>
            <translation>Para fisioterapeutas: aparece en la cabecera de cada informe. Si no lo eres, déjalo vacío.</translation>
        </message>
        <message>
            <source>Your practice</source>
            <translation>Tu consulta</translation>
        </message>
        <message>
            <source>Name of your practice</source>
            <translation>Nombre de tu consulta</translation>
        </message>
        <message>
            <source>Logo of your practice</source>
            <translation>Logotipo de tu consulta</translation>
        </message>
        <message>
            <source>Choose logo…</source>
            <translation>Elegir logotipo…</translation>
        </message>
        <message>
            <source>Remove logo</source>
            <translation>Quitar logotipo</translation>
        </message>
        <message>
            <source>Choose logo</source>
            <translation>Elegir logotipo</translation>
        </message>
        <message>
            <source>Changed the name of the practice</source>
            <translation>Nombre de la consulta cambiado</translation>
        </message>
        <message>
            <source>Changed the logo of the practice</source>
            <translation>Logotipo de la consulta cambiado</translation>
        </message>
        <message>
            <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif)</source>
            <translation>Imágenes (*.png *.jpg *.jpeg *.webp *.gif)</translation>
        </message>
    </context>
    <context>
        <name>RatingPage</name>
        <message>
            <source>Zoom out</source>
            <translation>Alejar</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Acercar</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>Ajustar</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Mostrar la imagen entera</translation>
        </message>
    </context>
    <context>
        <name>RatingPanel</name>
        <message>
            <source>Change my last answer</source>
            <translation>Cambiar mi última respuesta</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pausar</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>Se coloca sobre el marco de una puerta o el borde de una pared</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Deshacer</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>Deshace el último paso</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Rehacer</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Rehace lo deshecho</translation>
        </message>
        <message>
            <source>This is an answer, too</source>
            <translation>Esto también es una respuesta</translation>
        </message>
        <message>
            <source>Keep this answer and go on</source>
            <translation>Guarda esta respuesta y sigue</translation>
        </message>
        <message>
            <source>For a slip: until you answer again, the last answer holds</source>
            <translation>Por si te equivocas: hasta que respondas de nuevo, vale la última respuesta</translation>
        </message>
        <message>
            <source>Hide the photograph and stop the clock</source>
            <translation>Oculta la foto y detiene el reloj</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>Quitar la plomada</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>Añadir una plomada</translation>
        </message>
        <message>
            <source>Finish</source>
            <translation>Terminar</translation>
        </message>
        <message>
            <source>Next photograph</source>
            <translation>Foto siguiente</translation>
        </message>
        <message>
            <source>Have the arrow keys move this point</source>
            <translation>Hace que las flechas muevan este punto</translation>
        </message>
    </context>
    <context>
        <name>RatingStart</name>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Empezar</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Seguir</translation>
        </message>
    </context>
    <context>
        <name>RatingPause</name>
        <message>
            <source>Go on</source>
            <translation>Seguir</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
    </context>
    <context>
        <name>RatingEnd</name>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <source>Change my last answer</source>
            <translation>Cambiar mi última respuesta</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Abrir carpeta</translation>
        </message>
    </context>
    <context>
        <name>RatingWindow</name>
        <message>
            <source>Keeping your answer</source>
            <translation>Guardando tu respuesta</translation>
        </message>
    </context>
    <context>
        <name>ReportDialog</name>
        <message>
            <source>A report to bring to a physiotherapist. Person: {name}</source>
            <translation>Un informe para llevar al fisioterapeuta. Persona: {name}</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Informe</translation>
        </message>
        <message>
            <source>Blur the face in the pictures</source>
            <translation>Difuminar la cara en las fotos</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>Guardar como PDF…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
    </context>
    <context>
        <name>ReportSaved</name>
        <message>
            <source>Report</source>
            <translation>Informe</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Abrir</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>Ver en la carpeta</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <source>The report is saved in {path}.</source>
            <translation>El informe está guardado en {path}.</translation>
        </message>
        <message>
            <source>No program on this computer opens {path}.</source>
            <translation>Ningún programa de este equipo abre {path}.</translation>
        </message>
    </context>
    <context>
        <name>ReportActions</name>
        <message>
            <source>Save the report</source>
            <translation>Guardar el informe</translation>
        </message>
        <message>
            <source>The history is still being opened. Try again in a moment.</source>
            <translation>El historial aún se está abriendo. Inténtalo dentro de un momento.</translation>
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
            <translation>Eliminado hace poco</translation>
        </message>
        <message>
            <source>What was deleted</source>
            <translation>Lo que se eliminó</translation>
        </message>
        <message>
            <source>Bring back</source>
            <translation>Recuperar</translation>
        </message>
        <message>
            <source>Delete for good…</source>
            <translation>Eliminar para siempre…</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>Eliminar para siempre</translation>
        </message>
        <message>
            <source>Delete what you selected for good? This cannot be undone.</source>
            <translation>¿Eliminar para siempre lo seleccionado? No se puede deshacer.</translation>
        </message>
        <message>
            <source>What you delete stays here for {days} days, and then goes for good.</source>
            <translation>Lo que eliminas se queda aquí {days} días y después desaparece para siempre.</translation>
        </message>
    </context>
    <context>
        <name>DeleteEverything</name>
        <message>
            <source>DELETE</source>
            <translation>ELIMINAR</translation>
        </message>
        <message>
            <source>Delete everything</source>
            <translation>Eliminar todo</translation>
        </message>
        <message>
            <source>Make a backup first…</source>
            <translation>Hacer antes una copia…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>This deletes all people with all their checks and pictures. For {days} days you can bring them back, from the list of what was recently deleted.</source>
            <translation>Esto elimina a todas las personas con todas sus mediciones y fotos. Durante {days} días puedes recuperarlas desde la lista de lo eliminado hace poco.</translation>
        </message>
        <message>
            <source>Type {word} to go on.</source>
            <translation>Escribe {word} para seguir.</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>The copy has no date, place or camera in it. Without it only numbers are kept, and two checks cannot be laid over one another. You can choose again for each check.</source>
            <translation>La copia no lleva fecha, lugar ni cámara. Sin ella solo se guardan los números y no se pueden superponer dos mediciones. En cada medición puedes volver a elegir.</translation>
        </message>
        <message>
            <source>Everything stays on this computer, in the folder below. Nothing is sent anywhere.</source>
            <translation>Todo se queda en este equipo, en la carpeta de abajo. No se envía nada a ningún sitio.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Ajustes</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>Ayuda</translation>
        </message>
        <message>
            <source>Light or dark</source>
            <translation>Claro u oscuro</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Idioma</translation>
        </message>
        <message>
            <source>Same as the system</source>
            <translation>Como el sistema</translation>
        </message>
        <message>
            <source>Text size</source>
            <translation>Tamaño del texto</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>Apariencia</translation>
        </message>
        <message>
            <source>Keep a small copy of each picture</source>
            <translation>Guardar una copia pequeña de cada foto</translation>
        </message>
        <message>
            <source>Remember the last pictures you opened</source>
            <translation>Recordar las últimas fotos que abriste</translation>
        </message>
        <message>
            <source>Forget them</source>
            <translation>Olvidarlas</translation>
        </message>
        <message>
            <source>Forget the pictures you opened last</source>
            <translation>Olvida las últimas fotos que abriste</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <source>Folder of your data</source>
            <translation>Carpeta de tus datos</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Abrir carpeta</translation>
        </message>
        <message>
            <source>Back up…</source>
            <translation>Hacer copia…</translation>
        </message>
        <message>
            <source>Everything with its pictures in one file, to keep on another disk</source>
            <translation>Todo, con las fotos, en un solo archivo para guardar en otro disco</translation>
        </message>
        <message>
            <source>Blur all faces in the backup</source>
            <translation>Difuminar todas las caras de la copia</translation>
        </message>
        <message>
            <source>For a copy that others see: the faces cannot be had back from it.</source>
            <translation>Para una copia que verán otros: las caras no se pueden recuperar de ella.</translation>
        </message>
        <message>
            <source>Bring a backup back…</source>
            <translation>Recuperar una copia…</translation>
        </message>
        <message>
            <source>Adds what is missing; nothing that is there is changed</source>
            <translation>Añade lo que falta; no cambia nada de lo que ya hay</translation>
        </message>
        <message>
            <source>Delete everything…</source>
            <translation>Eliminar todo…</translation>
        </message>
        <message>
            <source>All people with all their checks and pictures; asks before it does</source>
            <translation>Todas las personas con todas sus mediciones y fotos; pregunta antes</translation>
        </message>
        <message>
            <source>Your data</source>
            <translation>Tus datos</translation>
        </message>
        <message>
            <source>There is no backup yet.</source>
            <translation>Todavía no hay copia de seguridad.</translation>
        </message>
        <message>
            <source>Log…</source>
            <translation>Registro…</translation>
        </message>
        <message>
            <source>What went wrong, for a report</source>
            <translation>Lo que ha ido mal, para informar de un fallo</translation>
        </message>
        <message>
            <source>About Beltline</source>
            <translation>Acerca de Beltline</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Claro</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Oscuro</translation>
        </message>
        <message>
            <source>The last backup was made on {day}.</source>
            <translation>La última copia de seguridad es del {day}.</translation>
        </message>
        <message>
            <source>Version {version}. Free software under the GNU General Public Licence, version 3 or later. People are found with MediaPipe's pose model (Apache 2.0); the outline is read by a model of our own, trained on computer-made bodies. That tests geometry and does not prove accuracy on people.</source>
            <translation>Versión {version}. Software libre bajo la Licencia Pública General de GNU, versión 3 o posterior. Las personas se localizan con el modelo de postura de MediaPipe (Apache 2.0); el contorno lo lee un modelo propio, entrenado con cuerpos virtuales. Eso pone a prueba la geometría y no demuestra la exactitud en personas.</translation>
        </message>
    </context>
    <context>
        <name>CameraChoice</name>
        <message>
            <source>Camera</source>
            <translation>Cámara</translation>
        </message>
        <message>
            <source>What the pictures come from</source>
            <translation>De dónde vienen las imágenes</translation>
        </message>
        <message>
            <source>None chosen</source>
            <translation>Ninguna elegida</translation>
        </message>
        <message>
            <source>Address of the camera</source>
            <translation>Dirección de la cámara</translation>
        </message>
        <message>
            <source>Connect</source>
            <translation>Conectar</translation>
        </message>
        <message>
            <source>Take pictures from this address</source>
            <translation>Toma las imágenes de esta dirección</translation>
        </message>
        <message>
            <source>Phone or network camera…</source>
            <translation>Teléfono o cámara de red…</translation>
        </message>
        <message>
            <source>Film…</source>
            <translation>Vídeo…</translation>
        </message>
        <message>
            <source>Choose a film</source>
            <translation>Elegir un vídeo</translation>
        </message>
        <message>
            <source>Films ({patterns})</source>
            <translation>Vídeos ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Todos los archivos (*)</translation>
        </message>
    </context>
    <context>
        <name>Disclosure</name>
        <message>
            <source>{what}, shown</source>
            <translation>{what}, a la vista</translation>
        </message>
        <message>
            <source>{what}, hidden</source>
            <translation>{what}, oculto</translation>
        </message>
        <message>
            <source>▾ Less</source>
            <translation>▾ Menos</translation>
        </message>
        <message>
            <source>▸ More</source>
            <translation>▸ Más</translation>
        </message>
    </context>
    <context>
        <name>ProgressSign</name>
        <message>
            <source>Measuring</source>
            <translation>Midiendo</translation>
        </message>
    </context>
    <context>
        <name>_CloseButton</name>
        <message>
            <source>Close this line</source>
            <translation>Cerrar este aviso</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
    </context>
    <context>
        <name>UndoBar</name>
        <message>
            <source>Undo</source>
            <translation>Deshacer</translation>
        </message>
        <message>
            <source>Take it back ({keys})</source>
            <translation>Lo deshace ({keys})</translation>
        </message>
        <message>
            <source>Undo: {what}</source>
            <translation>Deshacer: {what}</translation>
        </message>
    </context>
    <context>
        <name>ErrorBar</name>
        <message>
            <source>Try again</source>
            <translation>Intentar de nuevo</translation>
        </message>
        <message>
            <source>Read the history again (F5)</source>
            <translation>Leer otra vez el historial (F5)</translation>
        </message>
        <message>
            <source>Beltline itself failed at this. Nothing that was saved is lost; try again, and report it if it happens again.</source>
            <translation>El propio Beltline ha fallado en esto. No se ha perdido nada de lo guardado; inténtalo otra vez y, si vuelve a pasar, informa del fallo.</translation>
        </message>
    </context>
    <context>
        <name>TiltDial</name>
        <message>
            <source>Scale</source>
            <translation>Escala</translation>
        </message>
        <message>
            <source>level</source>
            <translation>horizontal</translation>
        </message>
        <message>
            <source>← backward</source>
            <translation>← hacia atrás</translation>
        </message>
        <message>
            <source>forward →</source>
            <translation>hacia delante →</translation>
        </message>
        <message>
            <source>← higher in front</source>
            <translation>← más alta delante</translation>
        </message>
        <message>
            <source>lower in front →</source>
            <translation>más baja delante →</translation>
        </message>
        <message>
            <source>{number} Shown with the {range}.</source>
            <translation>{number} Se muestra con el {range}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.engine</name>
        <message>
            <source>The database on a server needs the package psycopg, which is not installed.</source>
            <translation>La base de datos en un servidor necesita el paquete psycopg, que no está instalado.</translation>
        </message>
        <message>
            <source>Install it with: pip install "beltline[postgresql]".</source>
            <translation>Instálalo con: pip install "beltline[postgresql]".</translation>
        </message>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>Escríbela así: postgresql://usuario:clave@servidor/base, o no pongas ninguna.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>{variable} no es la dirección de una base de datos PostgreSQL.</translation>
        </message>
        <message>
            <source>The database on the server cannot be reached.</source>
            <translation>No se puede acceder a la base de datos del servidor.</translation>
        </message>
        <message>
            <source>The disk of the database server is full.</source>
            <translation>El disco del servidor de la base de datos está lleno.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server.</source>
            <translation>Consulta a quien se ocupe del servidor.</translation>
        </message>
        <message>
            <source>Nothing may be written to the database on the server.</source>
            <translation>No hay permiso de escritura en la base de datos del servidor.</translation>
        </message>
        <message>
            <source>The database server is just starting or stopping, or serves too many others.</source>
            <translation>El servidor de la base de datos se está iniciando o apagando, o atiende a demasiados usuarios.</translation>
        </message>
        <message>
            <source>Wait a minute, then try again.</source>
            <translation>Espera un minuto e inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>The database server does not take the settings, such as search_path, that the address of the database brings.</source>
            <translation>El servidor de la base de datos no acepta los ajustes, como search_path, que incluye la dirección de la base de datos.</translation>
        </message>
        <message>
            <source>The database server does not let this user in, or has no such database.</source>
            <translation>El servidor de la base de datos no admite a este usuario o no tiene esa base de datos.</translation>
        </message>
        <message>
            <source>Check the network, and the address in {variable}.</source>
            <translation>Comprueba la red y la dirección en {variable}.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server, or name another one in {variable}.</source>
            <translation>Consulta a quien se ocupe del servidor, o indica otro en {variable}.</translation>
        </message>
        <message>
            <source>Check what follows the name of the database in {variable}.</source>
            <translation>Comprueba lo que sigue al nombre de la base de datos en {variable}.</translation>
        </message>
        <message>
            <source>Check user, password and database in {variable}.</source>
            <translation>Comprueba el usuario, la contraseña y la base de datos en {variable}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.merge</name>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>más personas de las que guarda Beltline</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.open</name>
        <message>
            <source>on the server</source>
            <translation>del servidor</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.profiles</name>
        <message>
            <source>Choose another name.</source>
            <translation>Elige otro nombre.</translation>
        </message>
        <message>
            <source>There is a person named '{name}' already.</source>
            <translation>Ya hay una persona con el nombre «{name}».</translation>
        </message>
    </context>
    <context>
        <name>app.history.errors</name>
        <message>
            <source>what is known of person {id}</source>
            <translation>los datos de la persona {id}</translation>
        </message>
        <message>
            <source>check {id}</source>
            <translation>la medición {id}</translation>
        </message>
        <message>
            <source>parts of check {id}</source>
            <translation>partes de la medición {id}</translation>
        </message>
        <message>
            <source>squeeze test {id}</source>
            <translation>la prueba de glúteos {id}</translation>
        </message>
        <message>
            <source>diary entry {id}</source>
            <translation>la entrada del diario {id}</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures belong to no check of this history and were put aside in '{folder}'.</source>
            <translation>
                <numerusform>1 foto no pertenece a ninguna medición de este historial y se ha apartado en «{folder}».</numerusform>
                <numerusform>{count} fotos no pertenecen a ninguna medición de este historial y se han apartado en «{folder}».</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>If you have put an older copy of the history in place, put the newer one back, and they return by themselves; otherwise they are deleted after {count} days.</source>
            <translation>
                <numerusform>Si has sustituido el historial por una copia más antigua, vuelve a poner el más reciente y lo apartado regresará por sí solo; si no, se eliminará al cabo de 1 día.</numerusform>
                <numerusform>Si has sustituido el historial por una copia más antigua, vuelve a poner el más reciente y lo apartado regresará por sí solo; si no, se eliminará al cabo de {count} días.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures of deleted checks could not be deleted from '{folder}'.</source>
            <translation>
                <numerusform>No se ha podido eliminar de «{folder}» 1 foto de una medición eliminada.</numerusform>
                <numerusform>No se han podido eliminar de «{folder}» {count} fotos de mediciones eliminadas.</numerusform>
            </translation>
        </message>
        <message>
            <source>There is no check number {named} in the history.</source>
            <translation>En el historial no hay ninguna medición con el número {named}.</translation>
        </message>
        <message>
            <source>It may have been deleted; see which ones there are with: beltline history list.</source>
            <translation>Puede que se haya eliminado; mira cuáles hay con: beltline history list.</translation>
        </message>
        <message>
            <source>Check number {named} is damaged and cannot be shown.</source>
            <translation>La medición número {named} está dañada y no se puede mostrar.</translation>
        </message>
        <message>
            <source>All others can; an earlier copy of the history may still have it, see: beltline history copies.</source>
            <translation>Todas las demás sí; puede que una copia anterior del historial aún la tenga, mira: beltline history copies.</translation>
        </message>
        <message>
            <source>Nothing that was deleted goes by the name '{named}'.</source>
            <translation>Nada de lo eliminado tiene el nombre «{named}».</translation>
        </message>
        <message>
            <source>See what can be had back with: beltline history bin.</source>
            <translation>Mira lo que se puede recuperar con: beltline history bin.</translation>
        </message>
        <message>
            <source>This squeeze test is no longer in the history.</source>
            <translation>Esta prueba de glúteos ya no está en el historial.</translation>
        </message>
        <message>
            <source>It may have been deleted in another window; read the history again.</source>
            <translation>Puede que se haya eliminado en otra ventana; lee otra vez el historial.</translation>
        </message>
        <message>
            <source>Another program is using the history and does not let go of it.</source>
            <translation>Otro programa está usando el historial y no lo suelta.</translation>
        </message>
        <message>
            <source>Close other windows of Beltline, then try again.</source>
            <translation>Cierra las demás ventanas de Beltline e inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>The history in '{named}' is damaged, so nothing is written into it.</source>
            <translation>El historial de «{named}» está dañado, así que no se escribe nada en él.</translation>
        </message>
        <message>
            <source>Settings saves what can still be read, and so does: beltline history salvage. Earlier copies are listed by: beltline history copies.</source>
            <translation>En Ajustes puedes rescatar lo que aún se pueda leer, y también con: beltline history salvage. Para ver copias anteriores: beltline history copies.</translation>
        </message>
        <message>
            <source>There is no history in '{named}', so there is nothing to save.</source>
            <translation>En «{named}» no hay ningún historial, así que no hay nada que rescatar.</translation>
        </message>
        <message>
            <source>Copies of earlier days are listed by: beltline history copies.</source>
            <translation>Para ver las copias de días anteriores: beltline history copies.</translation>
        </message>
        <message>
            <source>There is a file '{named}' already.</source>
            <translation>Ya hay un archivo «{named}».</translation>
        </message>
        <message>
            <source>Choose another name.</source>
            <translation>Elige otro nombre.</translation>
        </message>
        <message>
            <source>There is no copy of the history of the day '{named}'.</source>
            <translation>No hay ninguna copia del historial del día «{named}».</translation>
        </message>
        <message>
            <source>See which ones there are with: beltline history copies.</source>
            <translation>Mira cuáles hay con: beltline history copies.</translation>
        </message>
        <message>
            <source>The file '{named}' is damaged or no history of Beltline's, so nothing was changed.</source>
            <translation>El archivo «{named}» está dañado o no es un historial de Beltline, así que no se ha cambiado nada.</translation>
        </message>
        <message>
            <source>Choose another one; beltline history copies lists them.</source>
            <translation>Elige otro; puedes verlos con beltline history copies.</translation>
        </message>
        <message>
            <source>The history in '{named}' is an empty file and was left as it is.</source>
            <translation>El historial de «{named}» es un archivo vacío y se ha dejado como estaba.</translation>
        </message>
        <message>
            <source>Put a copy from a backup in its place, or move the file away to start afresh.</source>
            <translation>Pon en su lugar una copia de seguridad, o mueve el archivo a otro sitio para empezar de cero.</translation>
        </message>
        <message>
            <source>The history in '{named}' was an empty file, so a new history was begun.</source>
            <translation>El historial de «{named}» era un archivo vacío, así que se ha empezado un historial nuevo.</translation>
        </message>
        <message>
            <source>If there was a history before, import a backup of it.</source>
            <translation>Si antes había un historial, importa una copia de seguridad.</translation>
        </message>
        <message>
            <source>The history in '{named}' was replaced by another copy, so the last changes to the one before were put aside beside it.</source>
            <translation>El historial de «{named}» se sustituyó por otra copia, así que los últimos cambios del anterior se han apartado al lado.</translation>
        </message>
        <message>
            <source>If that is not what you wanted, put the one before back from a backup.</source>
            <translation>Si no es lo que querías, vuelve a poner el anterior desde una copia de seguridad.</translation>
        </message>
        <message>
            <source>The database {named} belongs to another program and was left as it is.</source>
            <translation>La base de datos {named} pertenece a otro programa y se ha dejado como estaba.</translation>
        </message>
        <message>
            <source>Move it away, or name another database.</source>
            <translation>Muévela a otro sitio o indica otra base de datos.</translation>
        </message>
        <message>
            <source>The history was written by a newer version of Beltline and was left as it is.</source>
            <translation>El historial se escribió con una versión más nueva de Beltline y se ha dejado como estaba.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline.</source>
            <translation>Instala la versión más reciente de Beltline.</translation>
        </message>
        <message>
            <source>The disk is full, so nothing could be written to '{named}'.</source>
            <translation>El disco está lleno, así que no se ha podido escribir nada en «{named}».</translation>
        </message>
        <message>
            <source>Make some room on the disk, then try again.</source>
            <translation>Libera espacio en el disco e inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>Nothing may be written to '{named}'.</source>
            <translation>No hay permiso de escritura en «{named}».</translation>
        </message>
        <message>
            <source>Allow writing there in the folder's properties, or free the disk from its write protection.</source>
            <translation>Permite la escritura en las propiedades de la carpeta o quita la protección contra escritura del disco.</translation>
        </message>
        <message>
            <source>The history in '{named}' can be read, but nothing can be saved there.</source>
            <translation>El historial de «{named}» se puede leer, pero ahí no se puede guardar nada.</translation>
        </message>
        <message>
            <source>The history could not be brought up to this version of Beltline and was left as it was.</source>
            <translation>El historial no se ha podido adaptar a esta versión de Beltline y se ha dejado como estaba.</translation>
        </message>
        <message>
            <source>Use the version that you had before, and report what happened.</source>
            <translation>Usa la versión que tenías antes e informa de lo que ha pasado.</translation>
        </message>
        <message>
            <source>This person is not in the history any more.</source>
            <translation>Esta persona ya no está en el historial.</translation>
        </message>
        <message>
            <source>Save a check first.</source>
            <translation>Guarda antes una medición.</translation>
        </message>
        <message>
            <source>Choose another person.</source>
            <translation>Elige a otra persona.</translation>
        </message>
        <message>
            <source>There is no person named '{name}' in the history.</source>
            <translation>En el historial no hay ninguna persona con el nombre «{name}».</translation>
        </message>
        <message>
            <source>There is {names}.</source>
            <translation>Sí están: {names}.</translation>
        </message>
        <message>
            <source>Choose a PNG or JPEG picture of your logo.</source>
            <translation>Elige una imagen PNG o JPEG de tu logotipo.</translation>
        </message>
        <message>
            <source>All else is there; earlier copies may have it: see Settings, or beltline history copies.</source>
            <translation>Todo lo demás está; puede que copias anteriores lo tengan: mira en Ajustes o con beltline history copies.</translation>
        </message>
        <message>
            <source>The history is damaged in places, and this cannot be read: {rows}.</source>
            <translation>El historial está dañado en algunas partes y esto no se puede leer: {rows}.</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>{count} más</translation>
        </message>
        <message>
            <source>Allow deleting there in the folder's properties, then open Beltline again.</source>
            <translation>Permite eliminar archivos en las propiedades de la carpeta y vuelve a abrir Beltline.</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written ({why}).</source>
            <translation>No se puede leer ni escribir en el disco de «{where}» ({why}).</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written.</source>
            <translation>No se puede leer ni escribir en el disco de «{where}».</translation>
        </message>
        <message>
            <source>Check that the disk is connected and in order, then try again.</source>
            <translation>Comprueba que el disco esté conectado y en buen estado e inténtalo de nuevo.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.backup</name>
        <message>
            <source>The backup cannot be written to '{path}' ({why}).</source>
            <translation>La copia de seguridad no se puede guardar en «{path}» ({why}).</translation>
        </message>
        <message>
            <source>Check the disk, or choose another one.</source>
            <translation>Comprueba el disco o elige otro.</translation>
        </message>
        <message>
            <source>The backup written to '{path}' does not read back as it was written.</source>
            <translation>La copia de seguridad guardada en «{path}», al leerla, no coincide con lo que se escribió.</translation>
        </message>
        <message>
            <source>Take an older backup, or copy this one again from where it was kept.</source>
            <translation>Usa una copia de seguridad más antigua, o copia esta otra vez desde donde la guardabas.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then bring it back.</source>
            <translation>Instala la versión más reciente de Beltline y recupérala después.</translation>
        </message>
        <message>
            <source>The backup '{name}' is damaged, so nothing was brought back.</source>
            <translation>La copia de seguridad «{name}» está dañada, así que no se ha recuperado nada.</translation>
        </message>
        <message>
            <source>The backup '{name}' was made by another version of Beltline.</source>
            <translation>La copia de seguridad «{name}» se hizo con otra versión de Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' is no backup of Beltline's.</source>
            <translation>El archivo «{name}» no es una copia de seguridad de Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>Elige un archivo {suffix} guardado por Beltline.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.csv_format</name>
        <message>
            <source>the columns are not those of an export</source>
            <translation>las columnas no son las de una exportación</translation>
        </message>
        <message>
            <source>it is not in UTF-8</source>
            <translation>no está en UTF-8</translation>
        </message>
        <message>
            <source>check {number}: {why}</source>
            <translation>medición {number}: {why}</translation>
        </message>
        <message>
            <source>it is no whole table after check {number}</source>
            <translation>la tabla no está completa después de la medición {number}</translation>
        </message>
        <message>
            <source>its cells are not as many as the columns</source>
            <translation>no hay tantas celdas como columnas</translation>
        </message>
        <message>
            <source>another version of the format</source>
            <translation>otra versión del formato</translation>
        </message>
        <message>
            <source>{name}: neither a number nor JSON</source>
            <translation>{name}: ni número ni JSON</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.files</name>
        <message>
            <source>Choose a .csv or .json file that Beltline has exported.</source>
            <translation>Elige un archivo .csv o .json exportado por Beltline.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then import it.</source>
            <translation>Instala la versión más reciente de Beltline e impórtalo después.</translation>
        </message>
        <message>
            <source>Export it once more, and do not change it by hand.</source>
            <translation>Expórtalo otra vez y no lo cambies a mano.</translation>
        </message>
        <message>
            <source>The file '{name}' is no export of Beltline's history.</source>
            <translation>El archivo «{name}» no es una exportación del historial de Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' was exported by another version of Beltline.</source>
            <translation>El archivo «{name}» se exportó con otra versión de Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' is damaged ({why}), so nothing was imported.</source>
            <translation>El archivo «{name}» está dañado ({why}), así que no se ha importado nada.</translation>
        </message>
        <message>
            <source>its name makes no sense</source>
            <translation>su nombre no tiene sentido</translation>
        </message>
        <message>
            <source>Check its name and its folder.</source>
            <translation>Comprueba su nombre y su carpeta.</translation>
        </message>
        <message>
            <source>The file '{path}' cannot be read ({why}).</source>
            <translation>No se puede leer el archivo «{path}» ({why}).</translation>
        </message>
        <message>
            <source>The name '{path}' does not say which kind of file to write.</source>
            <translation>El nombre «{path}» no indica qué tipo de archivo hay que guardar.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffixes}.</source>
            <translation>Indica un nombre que termine en {suffixes}.</translation>
        </message>
        <message>
            <source> or </source>
            <translation> o </translation>
        </message>
        <message>
            <source>The export cannot be written to '{path}' ({why}).</source>
            <translation>La exportación no se puede guardar en «{path}» ({why}).</translation>
        </message>
        <message>
            <source>Choose a folder that exists, that you may write to, and that has room.</source>
            <translation>Elige una carpeta que exista, en la que puedas escribir y que tenga espacio.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.json_format</name>
        <message>
            <source>check {number}: {why}</source>
            <translation>medición {number}: {why}</translation>
        </message>
        <message>
            <source>squeeze test {number}: {why}</source>
            <translation>prueba de glúteos {number}: {why}</translation>
        </message>
        <message>
            <source>entry of the diary {number}: {why}</source>
            <translation>entrada del diario {number}: {why}</translation>
        </message>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>más personas de las que guarda Beltline</translation>
        </message>
        <message>
            <source>lists in lists without end</source>
            <translation>listas dentro de listas sin fin</translation>
        </message>
        <message>
            <source>{key}: no list</source>
            <translation>{key}: no es una lista</translation>
        </message>
        <message>
            <source>{key}: there twice</source>
            <translation>{key}: aparece dos veces</translation>
        </message>
        <message>
            <source>it is no whole JSON</source>
            <translation>no es un JSON completo</translation>
        </message>
        <message>
            <source>no object</source>
            <translation>no es un objeto</translation>
        </message>
        <message>
            <source>its person is missing</source>
            <translation>falta su persona</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.model</name>
        <message>
            <source>its values do not fit together</source>
            <translation>sus valores no encajan entre sí</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.sources</name>
        <message>
            <source>it is no ordinary file</source>
            <translation>no es un archivo normal</translation>
        </message>
        <message>
            <source>one entry of it is larger than any that Beltline keeps</source>
            <translation>una de sus entradas es más grande que cualquiera de las que guarda Beltline</translation>
        </message>
        <message>
            <source>it cannot be read to its end</source>
            <translation>no se puede leer hasta el final</translation>
        </message>
    </context>
    <context>
        <name>app.history.place</name>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>Escríbela así: postgresql://usuario:clave@servidor/base, o no pongas ninguna.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>{variable} no es la dirección de una base de datos PostgreSQL.</translation>
        </message>
    </context>
    <context>
        <name>app.history.practice</name>
        <message>
            <source>The file '{name}' is far too large.</source>
            <translation>El archivo «{name}» es demasiado grande.</translation>
        </message>
        <message>
            <source>The file '{name}' cannot be read ({why}).</source>
            <translation>No se puede leer el archivo «{name}» ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no picture that can be read.</source>
            <translation>El archivo «{name}» no es una imagen que se pueda leer.</translation>
        </message>
    </context>
    <context>
        <name>app.history.store</name>
        <message>
            <source>Me</source>
            <translation>Yo</translation>
        </message>
    </context>
    <context>
        <name>app.history.values</name>
        <message>
            <source>The name is empty.</source>
            <translation>El nombre está vacío.</translation>
        </message>
        <message>
            <source>Type a name.</source>
            <translation>Escribe un nombre.</translation>
        </message>
        <message>
            <source>Choose a shorter one.</source>
            <translation>Elige uno más corto.</translation>
        </message>
        <message>
            <source>The name is longer than {count} letters.</source>
            <translation>El nombre tiene más de {count} letras.</translation>
        </message>
        <message>
            <source>The ID is longer than {count} letters.</source>
            <translation>El ID tiene más de {count} letras.</translation>
        </message>
        <message>
            <source>{year} cannot be a year of birth.</source>
            <translation>{year} no puede ser un año de nacimiento.</translation>
        </message>
        <message>
            <source>Give a year from {first} to {last}, or leave it out.</source>
            <translation>Indica un año entre {first} y {last}, o no pongas ninguno.</translation>
        </message>
        <message>
            <source>it</source>
            <translation>la entrada</translation>
        </message>
        <message>
            <source>{where} holds something else than it should</source>
            <translation>{where} contiene algo distinto de lo que debería</translation>
        </message>
        <message>
            <source>{where} is missing</source>
            <translation>falta {where}</translation>
        </message>
    </context>
    <context>
        <name>app.phone.words</name>
        <message>
            <source>There is nothing here. Look at the computer for a new address.</source>
            <translation>Aquí no hay nada. Mira en el equipo si hay una dirección nueva.</translation>
        </message>
        <message>
            <source>Another phone is taking the pictures. To use this one, press Cancel on the computer and begin again.</source>
            <translation>Otro teléfono está haciendo las fotos. Para usar este, pulsa Cancelar en el equipo y empieza de nuevo.</translation>
        </message>
        <message>
            <source>No picture has come yet.</source>
            <translation>Todavía no ha llegado ninguna foto.</translation>
        </message>
        <message>
            <source>No more pictures fit into one series.</source>
            <translation>No caben más fotos en una serie.</translation>
        </message>
        <message>
            <source>This picture is too large: at most 40 MB.</source>
            <translation>Esta foto es demasiado grande: como máximo 40 MB.</translation>
        </message>
        <message>
            <source>These pictures are too large together.</source>
            <translation>Estas fotos son demasiado grandes en conjunto.</translation>
        </message>
        <message>
            <source>There is no room on the computer's disk.</source>
            <translation>No queda espacio en el disco del equipo.</translation>
        </message>
        <message>
            <source>It took too long. Try again.</source>
            <translation>Ha tardado demasiado. Inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>The picture did not come whole. Try again.</source>
            <translation>La foto no ha llegado entera. Inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>Something went wrong on the computer. Try again.</source>
            <translation>Algo ha ido mal en el equipo. Inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>Phone picture {number}</source>
            <translation>Foto del teléfono {number}</translation>
        </message>
        <message>
            <source>Take pictures for Beltline</source>
            <translation>Hacer fotos para Beltline</translation>
        </message>
        <message>
            <source>This page comes from the computer beside you. The pictures go to that computer and nowhere else. This phone keeps none of those it takes here.</source>
            <translation>Esta página viene del equipo que tienes al lado. Las fotos van a ese equipo y a ningún otro sitio. Este teléfono no guarda ninguna de las que hace aquí.</translation>
        </message>
        <message>
            <source>This connection is not encrypted: others in the same network could see the pictures. Go on only in a network that you trust.</source>
            <translation>Esta conexión no está cifrada: otras personas de la misma red podrían ver las fotos. Sigue solo si te fías de la red.</translation>
        </message>
        <message>
            <source>Stand the phone upright at the height of your hips, three metres away.</source>
            <translation>Coloca el teléfono en vertical, a la altura de tus caderas y a tres metros de ti.</translation>
        </message>
        <message>
            <source>Press Start, then “Start the timer”, and walk into the frame.</source>
            <translation>Pulsa Empezar, luego «Iniciar la cuenta atrás», y entra en el recuadro.</translation>
        </message>
        <message>
            <source>Stand side-on, whole body in the frame, fists on your collar-bones. The phone takes {pictures} pictures by itself and tells you when.</source>
            <translation>Ponte de perfil, con todo el cuerpo en el recuadro y los puños sobre las clavículas. El teléfono hace {pictures} fotos por sí mismo y te avisa de cada una.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Empezar</translation>
        </message>
        <message>
            <source>Take single pictures instead</source>
            <translation>Hacer fotos sueltas</translation>
        </message>
        <message>
            <source>First picture after</source>
            <translation>Primera foto tras</translation>
        </message>
        <message>
            <source>{seconds} seconds</source>
            <translation>{seconds} segundos</translation>
        </message>
        <message>
            <source>Count aloud</source>
            <translation>Contar en voz alta</translation>
        </message>
        <message>
            <source>Other camera</source>
            <translation>Otra cámara</translation>
        </message>
        <message>
            <source>Start the timer</source>
            <translation>Iniciar la cuenta atrás</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Parar</translation>
        </message>
        <message>
            <source>Stand inside the frame, from head to feet</source>
            <translation>Quédate dentro del recuadro, de la cabeza a los pies</translation>
        </message>
        <message>
            <source>The phone is level.</source>
            <translation>El teléfono está recto.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the left.</source>
            <translation>Gira el teléfono un poco a la izquierda.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the right.</source>
            <translation>Gira el teléfono un poco a la derecha.</translation>
        </message>
        <message>
            <source>Stand the phone more upright.</source>
            <translation>Pon el teléfono más vertical.</translation>
        </message>
        <message>
            <source>Walk into the frame and stand side-on.</source>
            <translation>Entra en el recuadro y ponte de perfil.</translation>
        </message>
        <message>
            <source>March on the spot, then stand relaxed.</source>
            <translation>Da unos pasos en el sitio y luego relájate.</translation>
        </message>
        <message>
            <source>Stand still.</source>
            <translation>No te muevas.</translation>
        </message>
        <message>
            <source>Picture {number} of {pictures}</source>
            <translation>Foto {number} de {pictures}</translation>
        </message>
        <message>
            <source>ten,nine,eight,seven,six,five,four,three,two,one</source>
            <translation>diez,nueve,ocho,siete,seis,cinco,cuatro,tres,dos,uno</translation>
        </message>
        <message>
            <source>All pictures are taken. You can move.</source>
            <translation>Ya están todas las fotos. Puedes moverte.</translation>
        </message>
        <message>
            <source>{number} of {pictures} have reached the computer.</source>
            <translation>{number} de {pictures} han llegado al equipo.</translation>
        </message>
        <message>
            <source>Sending the pictures…</source>
            <translation>Enviando las fotos…</translation>
        </message>
        <message>
            <source>All pictures have arrived. Look at the computer: it is measuring.</source>
            <translation>Han llegado todas las fotos. Mira el equipo: está midiendo.</translation>
        </message>
        <message>
            <source>The browser gives this page no camera. Take single pictures with the phone's own camera instead: they are sent to the computer one by one.</source>
            <translation>El navegador no da acceso a la cámara en esta página. Haz fotos sueltas con la cámara del propio teléfono: se envían al equipo una a una.</translation>
        </message>
        <message>
            <source>The camera was not allowed. Allow it in the browser and load this page again, or take single pictures.</source>
            <translation>No se dio permiso a la cámara. Dáselo en el navegador y vuelve a cargar esta página, o haz fotos sueltas.</translation>
        </message>
        <message>
            <source>Have somebody take you from the side, from three metres away, at the height of your hips. Five pictures are best; march on the spot between them.</source>
            <translation>Pide a alguien que te haga fotos de perfil, a tres metros y a la altura de tus caderas. Lo mejor son cinco; entre una y otra, da unos pasos en el sitio.</translation>
        </message>
        <message>
            <source>Take a picture</source>
            <translation>Hacer una foto</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Listo</translation>
        </message>
        <message>
            <source>A picture did not reach the computer: {why}</source>
            <translation>Una foto no ha llegado al equipo: {why}</translation>
        </message>
        <message>
            <source>Send it again</source>
            <translation>Enviarla de nuevo</translation>
        </message>
        <message>
            <source>The computer does not answer. Is the phone still in the same Wi-Fi?</source>
            <translation>El equipo no responde. ¿Sigue el teléfono en la misma wifi?</translation>
        </message>
        <message>
            <source>This page needs JavaScript. Switch it on in the browser, or use another browser.</source>
            <translation>Esta página necesita JavaScript. Actívalo en el navegador o usa otro navegador.</translation>
        </message>
        <message>
            <source>Use your phone</source>
            <translation>Usar tu teléfono</translation>
        </message>
        <message>
            <source>Phone</source>
            <translation>Teléfono</translation>
        </message>
        <message>
            <source>Five pictures with your phone's camera, sent over your own network</source>
            <translation>Cinco fotos con la cámara de tu teléfono, enviadas por tu propia red</translation>
        </message>
        <message>
            <source>Use your phone as the camera</source>
            <translation>Usa tu teléfono como cámara</translation>
        </message>
        <message>
            <source>Have the phone in the same Wi-Fi or network as this computer.</source>
            <translation>Conecta el teléfono a la misma wifi o red que este equipo.</translation>
        </message>
        <message>
            <source>Point the phone's camera at the square, and open the address that it shows.</source>
            <translation>Apunta con la cámara del teléfono al código QR y abre la dirección que muestra.</translation>
        </message>
        <message>
            <source>The phone warns once that it does not know this computer. Choose “Advanced” or “Details”, then go on. After that, do what the page says.</source>
            <translation>El teléfono avisa una vez de que no conoce este equipo. Elige «Avanzado» o «Detalles» y sigue adelante. Después, haz lo que diga la página.</translation>
        </message>
        <message>
            <source>Take the pictures with the phone's own camera, as the page says. Without encryption, others in the same network could see them.</source>
            <translation>Haz las fotos con la cámara del propio teléfono, como dice la página. Sin cifrado, otras personas de la misma red podrían verlas.</translation>
        </message>
        <message>
            <source>Or type this address into the phone's browser:</source>
            <translation>O escribe esta dirección en el navegador del teléfono:</translation>
        </message>
        <message>
            <source>The certificate's fingerprint (SHA-256), if you want to compare it:</source>
            <translation>La huella del certificado (SHA-256), por si quieres compararla:</translation>
        </message>
        <message>
            <source>Opening a page for the phone…</source>
            <translation>Abriendo una página para el teléfono…</translation>
        </message>
        <message>
            <source>Waiting for the phone. This ends by itself after ten minutes.</source>
            <translation>Esperando al teléfono. Esto termina por sí solo a los diez minutos.</translation>
        </message>
        <message>
            <source>A phone is connected. No picture has come yet.</source>
            <translation>Hay un teléfono conectado. Todavía no ha llegado ninguna foto.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures have come.</source>
            <translation>
                <numerusform>Ha llegado una foto.</numerusform>
                <numerusform>Han llegado {count} fotos.</numerusform>
            </translation>
        </message>
        <message>
            <source>The phone has said nothing for ten minutes, so the page is closed.</source>
            <translation>El teléfono lleva diez minutos sin dar señales, así que la página está cerrada.</translation>
        </message>
        <message>
            <source>All pictures have come.</source>
            <translation>Han llegado todas las fotos.</translation>
        </message>
        <message>
            <source>This computer is in no network that a phone could share.</source>
            <translation>Este equipo no está en ninguna red que un teléfono pueda compartir.</translation>
        </message>
        <message>
            <source>Connect it to your Wi-Fi or network and try again, or open photographs from a file.</source>
            <translation>Conéctalo a tu wifi o red e inténtalo de nuevo, o abre fotos desde un archivo.</translation>
        </message>
        <message>
            <source>No page for the phone could be opened on this network.</source>
            <translation>En esta red no se ha podido abrir ninguna página para el teléfono.</translation>
        </message>
        <message>
            <source>Try again, or choose another network if there is one.</source>
            <translation>Inténtalo de nuevo o elige otra red si la hay.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Red</translation>
        </message>
        <message>
            <source>The one that the phone is in, too</source>
            <translation>La misma en la que está el teléfono</translation>
        </message>
        <message>
            <source>The phone does not let me past its warning</source>
            <translation>El teléfono no me deja pasar del aviso</translation>
        </message>
        <message>
            <source>A page without encryption, to which single pictures can be sent</source>
            <translation>Una página sin cifrado a la que se pueden enviar fotos sueltas</translation>
        </message>
        <message>
            <source>Measure what has come</source>
            <translation>Medir lo que ha llegado</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Intentar de nuevo</translation>
        </message>
        <message>
            <source>The page's address as a square code for the phone's camera</source>
            <translation>La dirección de la página en un código QR para la cámara del teléfono</translation>
        </message>
    </context>
    <context>
        <name>app.settings</name>
        <message>
            <source>The settings could not be read; the usual ones are in use.</source>
            <translation>No se han podido leer los ajustes; se usan los habituales.</translation>
        </message>
        <message>
            <source>The file with the settings was damaged; the usual ones are in use.</source>
            <translation>El archivo de los ajustes estaba dañado; se usan los habituales.</translation>
        </message>
        <message>
            <source>Some of the settings could not be read; the usual ones are in use for them.</source>
            <translation>No se han podido leer algunos ajustes; para ellos se usan los habituales.</translation>
        </message>
        <message>
            <source>The choices about reminders could not be read; the usual ones are in use.</source>
            <translation>No se han podido leer las opciones de los recordatorios; se usan las habituales.</translation>
        </message>
        <message>
            <source>The file with the choices about reminders was damaged; the usual ones are in use.</source>
            <translation>El archivo con las opciones de los recordatorios estaba dañado; se usan las habituales.</translation>
        </message>
        <message>
            <source>Some of the choices about reminders could not be read; the usual ones are in use for them.</source>
            <translation>No se han podido leer algunas opciones de los recordatorios; para ellas se usan las habituales.</translation>
        </message>
    </context>
    <context>
        <name>app.system.desktop.shortcut</name>
        <message>
            <source>Beltline starts without one as well: write beltline in a terminal.</source>
            <translation>Beltline también se inicia sin ella: escribe beltline en un terminal.</translation>
        </message>
        <message>
            <source>The menu entry could not be changed ({why}).</source>
            <translation>No se ha podido cambiar la entrada del menú ({why}).</translation>
        </message>
        <message>
            <source>the icon cannot be drawn: {why}</source>
            <translation>no se puede dibujar el icono: {why}</translation>
        </message>
        <message>
            <source>PowerShell ended with {code}</source>
            <translation>PowerShell terminó con {code}</translation>
        </message>
    </context>
    <context>
        <name>app.system.qt</name>
        <message>
            <source>There is no screen to open a window on. Use the command line: beltline measure PHOTO.</source>
            <translation>No hay ninguna pantalla en la que abrir una ventana. Usa la línea de comandos: beltline measure PHOTO.</translation>
        </message>
        <message>
            <source>The system library {library} is missing, without which no window can be opened. On Debian or Ubuntu, install libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 and libxkbcommon-x11-0.</source>
            <translation>Falta la biblioteca del sistema {library}, sin la que no se puede abrir ninguna ventana. En Debian o Ubuntu, instala libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 y libxkbcommon-x11-0.</translation>
        </message>
        <message>
            <source>No window can be opened ({why}). Use the command line: beltline measure PHOTO.</source>
            <translation>No se puede abrir ninguna ventana ({why}). Usa la línea de comandos: beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>app.text.advice</name>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>Hay alguien más en la imagen; se ha medido a la persona más grande.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>Haz la foto con una sola persona.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>Hay más personas en la imagen; se ha medido a la que elegiste.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>Los pies no se ven enteros en la imagen.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>Retrocede hasta que los pies se vean en la imagen.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>El cuerpo se desvía unos {} grados del perfil.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>Gírate hasta que un hombro apunte justo a la cámara.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>Todo el cuerpo se inclina unos {} grados; puede que la cámara estuviera torcida.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>Pon la cámara recta o marca algo vertical, como el marco de una puerta.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>La persona se ve bastante pequeña: {} píxeles de la cadera al hombro.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>Acércate o usa una resolución más alta: lo mejor son 200 píxeles o más.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>La imagen está bastante oscura.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>Pon más luz.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>La imagen está un poco borrosa.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>Apoya la cámara en algo firme y no te muevas.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>Un brazo o una mano tapa parte de la pelvis.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>Apoya los puños en las clavículas.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>La ropa parece suelta y oculta el contorno del cuerpo.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>Lleva algo que se ajuste bien a la cintura y las caderas.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>No se ha podido ver la cabeza, y eso hace menos seguro el ángulo.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>Si puedes, que se vea también la cabeza; después puedes tapar la cara en la foto.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>Se ha supuesto que la cámara estaba recta.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>Si la cámara está torcida, el ángulo cambia en la misma medida; para más exactitud, marca algo vertical, como el marco de una puerta.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>Hay algo parecido a una pegatina de color en la pelvis, pero no son exactamente dos del mismo color, así que no se ha usado.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>Muestra dos pegatinas del mismo color: una en el punto óseo delantero y otra en el hoyuelo de atrás.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>La cámara estaba unos {} cm por encima de las caderas.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>Ponla a la altura de las caderas.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>La cámara estaba unos {} cm por debajo de las caderas.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>La misma foto aparece más de una vez y se ha contado una sola.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>Haz una foto nueva en cada repetición y apártate del sitio entre una y otra.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>La calibración tiene más de un año.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>Vuelve a calibrar, y también siempre que tu peso haya cambiado mucho.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>La calibración es de una versión anterior de Beltline y no se ha usado.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>Vuelve a calibrar.</translation>
        </message>
        <message>
            <source>last time</source>
            <translation>la última vez</translation>
        </message>
        <message>
            <source>on {day}</source>
            <translation>el {day}</translation>
        </message>
    </context>
    <context>
        <name>app.text.breaks</name>
        <message>
            <source>Sit less</source>
            <translation>Sentarse menos</translation>
        </message>
        <message>
            <source>Sitting is nothing to be alarmed about. It is easy to forget how long it has been, so Beltline can remind you to get up. Three to five minutes of walking make a break; standing still alone is not enough. Being away from the computer counts as a break.</source>
            <translation>Sentarse no es motivo de alarma. Es fácil olvidar cuánto tiempo llevas en la silla, por eso Beltline puede recordarte que te levantes. Para una pausa hacen falta de tres a cinco minutos caminando; no basta con quedarse de pie sin moverse. Alejarte del equipo cuenta como pausa.</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Ahora</translation>
        </message>
        <message>
            <source>Reminders are off.</source>
            <translation>Los recordatorios están desactivados.</translation>
        </message>
        <message>
            <source>The reminder is being started.</source>
            <translation>El recordatorio se está iniciando.</translation>
        </message>
        <message>
            <source>Next reminder in about {minutes} minutes.</source>
            <translation>Próximo recordatorio en unos {minutes} minutos.</translation>
        </message>
        <message>
            <source>Next reminder in about a minute.</source>
            <translation>Próximo recordatorio en un minuto más o menos.</translation>
        </message>
        <message>
            <source>Paused until {until}.</source>
            <translation>En silencio. Termina: {until}.</translation>
        </message>
        <message>
            <source>It is time for a short break.</source>
            <translation>Es hora de una pausa corta.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about {minutes} minutes.</source>
            <translation>Estás de pie. Próximo recordatorio en unos {minutes} minutos.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about a minute.</source>
            <translation>Estás de pie. Próximo recordatorio en un minuto, más o menos.</translation>
        </message>
        <message>
            <source>You have been standing for a while.</source>
            <translation>Llevas un rato de pie.</translation>
        </message>
        <message>
            <source>The next reminder comes when you sit at the computer again.</source>
            <translation>El próximo recordatorio llega cuando vuelvas a sentarte ante el equipo.</translation>
        </message>
        <message>
            <source>Silent while the microphone is in use.</source>
            <translation>En silencio mientras se usa el micrófono.</translation>
        </message>
        <message>
            <source>Silent while the camera is in use.</source>
            <translation>En silencio mientras se usa la cámara.</translation>
        </message>
        <message>
            <source>Silent while a program keeps the screen on, as a film does.</source>
            <translation>En silencio mientras un programa mantiene la pantalla encendida, como al ver una película.</translation>
        </message>
        <message>
            <source>Silent while a program fills the whole screen.</source>
            <translation>En silencio mientras un programa ocupa toda la pantalla.</translation>
        </message>
        <message>
            <source>This waited while the microphone was in use.</source>
            <translation>Esto ha esperado mientras se usaba el micrófono.</translation>
        </message>
        <message>
            <source>This waited while the camera was in use.</source>
            <translation>Esto ha esperado mientras se usaba la cámara.</translation>
        </message>
        <message>
            <source>This waited while a program kept the screen on, as a film does.</source>
            <translation>Esto ha esperado mientras un programa mantenía la pantalla encendida, como al ver una película.</translation>
        </message>
        <message>
            <source>This waited while a program filled the whole screen.</source>
            <translation>Esto ha esperado mientras un programa ocupaba toda la pantalla.</translation>
        </message>
        <message>
            <source>For instance: {what}</source>
            <translation>Por ejemplo: {what}</translation>
        </message>
        <message>
            <source>I am taking a break now</source>
            <translation>Hago una pausa ahora</translation>
        </message>
        <message>
            <source>Note a break and start counting again</source>
            <translation>Anota una pausa y vuelve a contar desde cero</translation>
        </message>
        <message>
            <source>I am standing now</source>
            <translation>Ahora estoy de pie</translation>
        </message>
        <message>
            <source>Sitting does not count while you stand</source>
            <translation>El tiempo sentado no cuenta mientras estás de pie</translation>
        </message>
        <message>
            <source>I am sitting now</source>
            <translation>Ya me he sentado</translation>
        </message>
        <message>
            <source>Sitting counts again</source>
            <translation>El tiempo sentado vuelve a contar</translation>
        </message>
        <message>
            <source>Remind me in 10 minutes</source>
            <translation>Recordar en 10 minutos</translation>
        </message>
        <message>
            <source>Remind me again in 10 minutes</source>
            <translation>Te lo recuerda otra vez dentro de 10 minutos</translation>
        </message>
        <message>
            <source>Pause 1 hour</source>
            <translation>Silenciar 1 hora</translation>
        </message>
        <message>
            <source>Pause 2 hours</source>
            <translation>Silenciar 2 horas</translation>
        </message>
        <message>
            <source>No reminder meanwhile, for a presentation or a film</source>
            <translation>Sin recordatorios mientras tanto, por una presentación o una película</translation>
        </message>
        <message>
            <source>Pause until tomorrow</source>
            <translation>Silenciar hasta mañana</translation>
        </message>
        <message>
            <source>No reminder for the rest of today</source>
            <translation>Sin recordatorios en lo que queda de día</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Reanudar</translation>
        </message>
        <message>
            <source>End the pause</source>
            <translation>Vuelve a activar los recordatorios</translation>
        </message>
        <message>
            <source>No break noted today so far.</source>
            <translation>Hoy todavía no hay ninguna pausa anotada.</translation>
        </message>
        <message>
            <source>1 break today, at {last}.</source>
            <translation>1 pausa hoy, a las {last}.</translation>
        </message>
        <message>
            <source>{count} breaks today, the last at {last}.</source>
            <translation>{count} pausas hoy, la última a las {last}.</translation>
        </message>
        <message>
            <source>1 of them was noticed because you were away.</source>
            <translation>1 de ellas se detectó porque no estabas.</translation>
        </message>
        <message>
            <source>{count} of them were noticed because you were away.</source>
            <translation>{count} de ellas se detectaron porque no estabas.</translation>
        </message>
        <message numerus="yes">
            <source>You stood at the desk for {count} minutes.</source>
            <translation>
                <numerusform>Has estado 1 minuto de pie ante la mesa.</numerusform>
                <numerusform>Has estado {count} minutos de pie ante la mesa.</numerusform>
            </translation>
        </message>
        <message>
            <source>Reminder</source>
            <translation>Recordatorio</translation>
        </message>
        <message>
            <source>Remind me to get up</source>
            <translation>Recordarme que me levante</translation>
        </message>
        <message>
            <source>After sitting for</source>
            <translation>Tiempo sentado</translation>
        </message>
        <message>
            <source> minutes</source>
            <translation> minutos</translation>
        </message>
        <message>
            <source>{minutes} min</source>
            <translation>{minutes} min</translation>
        </message>
        <message>
            <source>Remind me after {minutes} minutes</source>
            <translation>Recordarme a los {minutes} minutos</translation>
        </message>
        <message>
            <source>60 minutes is the usual choice because it is easy to keep up; type any number from {least} to {most}. The time counts only while you use the computer, and starts again after each break.</source>
            <translation>60 minutos es la opción habitual, porque es fácil de mantener; escribe cualquier número de {least} a {most}. El tiempo solo cuenta mientras usas el equipo y vuelve a empezar tras cada pausa.</translation>
        </message>
        <message>
            <source>A break takes</source>
            <translation>Una pausa dura</translation>
        </message>
        <message>
            <source>Being away for so long is a break: nobody touches keyboard or mouse, the screen is locked, or the computer sleeps.</source>
            <translation>Estar lejos ese tiempo es una pausa: nadie toca el teclado ni el ratón, la pantalla está bloqueada o el equipo está en reposo.</translation>
        </message>
        <message>
            <source>I have a desk to stand at</source>
            <translation>Tengo una mesa para estar de pie</translation>
        </message>
        <message>
            <source>After standing for</source>
            <translation>Tiempo de pie</translation>
        </message>
        <message>
            <source>Then say when you stand and when you sit, here or in the menu of the small icon. While you stand, sitting does not count, and after this time you are reminded to sit down or to move. When you sit again, sitting goes on where it was: standing alone is no break.</source>
            <translation>Di entonces cuándo estás de pie y cuándo te sientas, aquí o en el menú del icono pequeño. Mientras estás de pie, el tiempo sentado no cuenta, y pasado este tiempo se te recuerda que te sientes o te muevas. Al sentarte otra vez, el tiempo sentado sigue donde estaba: estar de pie, por sí solo, no es una pausa.</translation>
        </message>
        <message>
            <source>Quiet hours</source>
            <translation>Horas de silencio</translation>
        </message>
        <message>
            <source>from</source>
            <translation>de</translation>
        </message>
        <message>
            <source>to</source>
            <translation>a</translation>
        </message>
        <message>
            <source>Quiet hours begin at</source>
            <translation>Las horas de silencio empiezan a las</translation>
        </message>
        <message>
            <source>Quiet hours end at</source>
            <translation>Las horas de silencio terminan a las</translation>
        </message>
        <message>
            <source>Quiet days</source>
            <translation>Días de silencio</translation>
        </message>
        <message>
            <source>A reminder that falls into them comes afterwards, if you are still sitting.</source>
            <translation>Un recordatorio que caiga en ellas llega después, si aún no te has levantado.</translation>
        </message>
        <message>
            <source>With a sound</source>
            <translation>Con sonido</translation>
        </message>
        <message>
            <source>Silent during calls and films</source>
            <translation>En silencio en llamadas y películas</translation>
        </message>
        <message>
            <source>During calls, presentations and films in full screen the reminder waits, and comes afterwards if you are still sitting. It looks whether a program uses the microphone or the camera, keeps the screen on or fills it.</source>
            <translation>Durante llamadas, presentaciones y películas a pantalla completa, el recordatorio espera y llega después si aún no te has levantado. Para saberlo, mira si un programa usa el micrófono o la cámara, mantiene la pantalla encendida o la ocupa entera.</translation>
        </message>
        <message>
            <source>Start when I log in</source>
            <translation>Iniciar al abrir la sesión</translation>
        </message>
        <message>
            <source>Without this, reminders come only once you have opened Beltline, and until you quit its small icon near the clock.</source>
            <translation>Sin esto, los recordatorios solo llegan después de abrir Beltline y hasta que cierres su pequeño icono junto al reloj.</translation>
        </message>
        <message>
            <source>Beltline could not change what starts when you log in. {why}</source>
            <translation>Beltline no ha podido cambiar lo que se inicia al abrir la sesión. {why}</translation>
        </message>
        <message>
            <source>Today's breaks could not be read. {why}</source>
            <translation>No se han podido leer las pausas de hoy. {why}</translation>
        </message>
        <message>
            <source>This desktop has no place for small icons near the clock, so the reminder shows at the foot of this window while it is open.</source>
            <translation>Este escritorio no tiene sitio para iconos junto al reloj, así que el recordatorio aparece al pie de esta ventana mientras está abierta.</translation>
        </message>
        <message>
            <source>This desktop does not tell how long keyboard and mouse have rested. A locked screen and a sleeping computer count as breaks; for the others, press the button.</source>
            <translation>Este escritorio no indica cuánto tiempo llevan quietos el teclado y el ratón. La pantalla bloqueada y el equipo en reposo cuentan como pausas; para las demás, pulsa el botón.</translation>
        </message>
        <message>
            <source>What to do in a break</source>
            <translation>Qué hacer en una pausa</translation>
        </message>
        <message>
            <source>Stand up</source>
            <translation>Levántate</translation>
        </message>
        <message>
            <source>Push the chair back, get up and let your arms hang. Then go on with one of these.</source>
            <translation>Echa la silla hacia atrás, ponte de pie y deja caer los brazos. Después sigue con una de estas opciones.</translation>
        </message>
        <message>
            <source>Walk for 3 to 5 minutes</source>
            <translation>Camina de 3 a 5 minutos</translation>
        </message>
        <message>
            <source>To the kitchen, up and down the stairs, round the house: any pace is fine.</source>
            <translation>A la cocina, por las escaleras, por la casa: cualquier ritmo vale.</translation>
        </message>
        <message>
            <source>One stretch</source>
            <translation>Un estiramiento</translation>
        </message>
        <message>
            <source>Take a long step and bend the front knee a little. Tuck your bottom under until you feel a gentle pull at the front of the other hip. Stay for 20 seconds, breathe, change sides. Stop if it hurts.</source>
            <translation>Da un paso largo y dobla un poco la rodilla de delante. Mete el trasero hasta notar un tirón suave en la parte de delante de la otra cadera. Quédate 20 segundos, respira y cambia de lado. Para si te duele.</translation>
        </message>
        <message>
            <source>Ten squeezes</source>
            <translation>Diez contracciones</translation>
        </message>
        <message>
            <source>Standing or sitting, squeeze both sides of your buttocks for 5 seconds, breathe on, let go. Ten times; keep the thighs loose.</source>
            <translation>De pie o en la silla, aprieta los dos glúteos durante 5 segundos sin dejar de respirar y suelta. Diez veces; los muslos, sueltos.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Hecho</translation>
        </message>
        <message>
            <source>I took a break</source>
            <translation>He hecho una pausa</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Más tarde</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>Recordatorio de pausas</translation>
        </message>
        <message>
            <source>Beltline</source>
            <translation>Beltline</translation>
        </message>
        <message>
            <source>Remind me in 5 minutes</source>
            <translation>Recordar en 5 minutos</translation>
        </message>
        <message>
            <source>No reminders for a while</source>
            <translation>Sin recordatorios un rato</translation>
        </message>
        <message>
            <source>Open Beltline</source>
            <translation>Abrir Beltline</translation>
        </message>
        <message>
            <source>Reminder settings...</source>
            <translation>Ajustes del recordatorio...</translation>
        </message>
        <message>
            <source>Quit the reminder</source>
            <translation>Cerrar el recordatorio</translation>
        </message>
        <message>
            <source>Reminders are off. Switch them on in the window: Sit less, 'Remind me to get up'. To open it: beltline</source>
            <translation>Los recordatorios están desactivados. Actívalos en la ventana: Sentarse menos, «Recordarme que me levante». Para abrirla: beltline</translation>
        </message>
        <message>
            <source>The reminder is running already.</source>
            <translation>El recordatorio ya está en marcha.</translation>
        </message>
        <message>
            <source>A reminder is running but does not answer. End it in the system's list of programs, then start it again: beltline tray</source>
            <translation>Hay un recordatorio en marcha, pero no responde. Ciérralo en la lista de programas del sistema y vuelve a iniciarlo: beltline tray</translation>
        </message>
        <message>
            <source>The reminder cannot start: {why}.</source>
            <translation>El recordatorio no puede iniciarse: {why}.</translation>
        </message>
        <message>
            <source>Another Beltline window is open but does not answer, so this one opened beside it. What you change in one shows in the other after a restart.</source>
            <translation>Hay otra ventana de Beltline abierta que no responde, así que esta se ha abierto al lado. Lo que cambies en una se verá en la otra al reiniciarla.</translation>
        </message>
        <message>
            <source>stand up, then {what}. {how}</source>
            <translation>levántate y, después, {what}. {how}</translation>
        </message>
        <message>
            <source>sit down, or {what}. {how}</source>
            <translation>siéntate o, si no, {what}. {how}</translation>
        </message>
    </context>
    <context>
        <name>app.text.calibration</name>
        <message>
            <source>Calibrate</source>
            <translation>Calibrar</translation>
        </message>
        <message>
            <source>Bones are shaped differently in everybody, and an outline cannot show them. Show Beltline once where your bones are, and from then on it takes that into account whenever it measures you by your outline.</source>
            <translation>Cada cuerpo tiene los huesos distintos, y un contorno no los muestra. Indica una vez a Beltline dónde están los tuyos y, desde entonces, lo tendrá en cuenta siempre que te mida por el contorno.</translation>
        </message>
        <message>
            <source>Feel for the bump at the front of your hip bone and for the dimple at the back. Put a round sticker on each, both of one colour, on the side that faces the camera.</source>
            <translation>Busca con los dedos el bulto de delante del hueso de la cadera y el hoyuelo de atrás. Pon en cada uno una pegatina redonda, las dos del mismo color, en el lado que mira a la cámara.</translation>
        </message>
        <message>
            <source>Take a picture side-on in clothes that fit closely. One is enough; five are better, each time after a few steps and with the stickers placed again.</source>
            <translation>Haz una foto de perfil con ropa ajustada. Con una basta; cinco es mejor, cada vez tras unos pasos y con las pegatinas puestas de nuevo.</translation>
        </message>
        <message>
            <source>Without stickers, press “Mark the bony points yourself” and drag both crosses to where your fingers feel the bones.</source>
            <translation>Sin pegatinas, pulsa «Marcar los puntos óseos a mano» y arrastra las dos cruces hasta donde tus dedos notan los huesos.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further forward than your outline shows.</source>
            <translation>{source}: tus huesos están {angle}° más inclinados hacia delante de lo que muestra tu contorno.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further backward than your outline shows.</source>
            <translation>{source}: tus huesos están {angle}° más inclinados hacia atrás de lo que muestra tu contorno.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted just as your outline shows.</source>
            <translation>{source}: tus huesos están inclinados justo como muestra tu contorno.</translation>
        </message>
        <message>
            <source>{source}: {message} {fix}</source>
            <translation>{source}: {message} {fix}</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further forward than your outline shows ({interval}).</source>
            <translation>Tus huesos están {angle}° más inclinados hacia delante de lo que muestra tu contorno ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further backward than your outline shows ({interval}).</source>
            <translation>Tus huesos están {angle}° más inclinados hacia atrás de lo que muestra tu contorno ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted just as your outline shows ({interval}).</source>
            <translation>Tus huesos están inclinados justo como muestra tu contorno ({interval}).</translation>
        </message>
        <message>
            <source>likely {first} to {last}</source>
            <translation>probablemente de {first} a {last}</translation>
        </message>
        <message>
            <source>likely from {back} further backward to {ahead} further forward</source>
            <translation>probablemente entre {back} más hacia atrás y {ahead} más hacia delante</translation>
        </message>
        <message>
            <source>From now on, {angle}° are added whenever you are measured by your outline.</source>
            <translation>A partir de ahora se suman {angle}° siempre que se te mida por el contorno.</translation>
        </message>
        <message>
            <source>From now on, {angle}° are taken away whenever you are measured by your outline.</source>
            <translation>A partir de ahora se restan {angle}° siempre que se te mida por el contorno.</translation>
        </message>
        <message>
            <source>From now on, your outline is known to show your tilt as it is.</source>
            <translation>A partir de ahora se sabe que tu contorno ya muestra tu inclinación tal como es.</translation>
        </message>
        <message>
            <source>Such checks are called calibrated. They get a line of their own over time and are compared with each other only.</source>
            <translation>Estas mediciones se llaman calibradas. Tienen su propia línea en el tiempo y solo se comparan entre sí.</translation>
        </message>
        <message numerus="yes">
            <source>It rests on {count} pictures, the last of {day}.</source>
            <translation>
                <numerusform>Se basa en 1 foto, del {day}. Con cinco fotos es más segura.</numerusform>
                <numerusform>Se basa en {count} fotos, la última del {day}.</numerusform>
            </translation>
        </message>
        <message>
            <source>Calibrate again after a year, or when your weight has changed much.</source>
            <translation>Vuelve a calibrar al cabo de un año o cuando tu peso haya cambiado mucho.</translation>
        </message>
        <message>
            <source>It is more than a year old. Please calibrate again.</source>
            <translation>Tiene más de un año. Vuelve a calibrar, por favor.</translation>
        </message>
        <message>
            <source>It was made with an earlier version of Beltline and is not used any more. Please calibrate again.</source>
            <translation>Se hizo con una versión anterior de Beltline y ya no se usa. Vuelve a calibrar, por favor.</translation>
        </message>
        <message>
            <source>{name} is not calibrated yet. Do it with: beltline calibrate PHOTO... --profile NAME</source>
            <translation>{name} aún no tiene calibración. Hazla con: beltline calibrate PHOTO... --profile NAME</translation>
        </message>
        <message>
            <source>One picture is enough; up to five make it surer.</source>
            <translation>Con una foto basta; con hasta cinco es más segura.</translation>
        </message>
        <message>
            <source>Calibrated. From now on, checks by the outline rest on it.</source>
            <translation>Calibración hecha. Desde ahora, las mediciones por el contorno se basan en ella.</translation>
        </message>
        <message>
            <source>Too little is kept of its pictures. Please take new ones.</source>
            <translation>De sus fotos se conserva demasiado poco. Haz otras nuevas.</translation>
        </message>
        <message>
            <source>No calibration was kept, and nothing else has changed.</source>
            <translation>No se guardó ninguna calibración y no ha cambiado nada más.</translation>
        </message>
        <message>
            <source>The calibration of {name} is forgotten. Checks made with it, and its pictures, stay.</source>
            <translation>La calibración de {name} se ha borrado. Las mediciones hechas con ella y sus fotos se quedan.</translation>
        </message>
        <message>
            <source>{name} is not calibrated, so there is nothing to forget.</source>
            <translation>{name} no tiene calibración, así que no hay nada que borrar.</translation>
        </message>
        <message>
            <source>It rests on the calibration of {day}.</source>
            <translation>Se basa en la calibración del {day}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.experiment</name>
        <message>
            <source>Did the exercises help me?</source>
            <translation>¿Me han servido los ejercicios?</translation>
        </message>
        <message>
            <source>Plan some weeks with your exercises and some without; chance decides which. Make a check every week, in the same clothes. At the end Beltline tells you whether the two kinds of weeks differ by more than chance.</source>
            <translation>Planifica unas semanas con tus ejercicios y otras sin ellos; el azar decide cuáles. Haz una medición cada semana, con la misma ropa. Al final, Beltline te dice si entre los dos tipos de semana hay más diferencia que la debida al azar.</translation>
        </message>
        <message>
            <source>This shows only what comes and goes within a week, not strength that lasts longer, nor how you feel. In trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>Esto solo muestra lo que va y viene en una semana, no la fuerza, que dura más, ni cómo te sientes. En los ensayos, la inclinación en sí cambió como mucho 1 o 2°.</translation>
        </message>
        <message>
            <source>How long</source>
            <translation>Duración</translation>
        </message>
        <message>
            <source>{count} weeks</source>
            <translation>{count} semanas</translation>
        </message>
        <message>
            <source>Plan these weeks from today</source>
            <translation>Planificar estas semanas desde hoy</translation>
        </message>
        <message>
            <source>End this plan</source>
            <translation>Terminar este plan</translation>
        </message>
        <message>
            <source>Planned {count} weeks</source>
            <translation>{count} semanas planificadas</translation>
        </message>
        <message>
            <source>Ended the plan</source>
            <translation>Plan terminado</translation>
        </message>
        <message>
            <source>Week {week} of {count}: do your exercises, and make a check.</source>
            <translation>Semana {week} de {count}: haz tus ejercicios y una medición.</translation>
        </message>
        <message>
            <source>Week {week} of {count}: no exercises, but make a check.</source>
            <translation>Semana {week} de {count}: sin ejercicios, pero haz una medición.</translation>
        </message>
        <message>
            <source>The plan ended on {day}.</source>
            <translation>El plan terminó el {day}.</translation>
        </message>
        <message>
            <source>Planned on {day}.</source>
            <translation>Planificado el {day}.</translation>
        </message>
        <message>
            <source>Exercises: {with_} in weeks with them, {without} in weeks without.</source>
            <translation>Ejercicios: {with_} en las semanas con ellos, {without} en las semanas sin ellos.</translation>
        </message>
        <message numerus="yes">
            <source>{count} days</source>
            <translation>
                <numerusform>1 día</numerusform>
                <numerusform>{count} días</numerusform>
            </translation>
        </message>
        <message>
            <source>Tilt: nothing to compare yet. It takes a check in weeks of both kinds.</source>
            <translation>Inclinación: aún no hay nada que comparar. Hace falta una medición en semanas de los dos tipos.</translation>
        </message>
        <message>
            <source>Range: nothing to compare yet. It takes a range test in weeks of both kinds.</source>
            <translation>Movilidad: aún no hay nada que comparar. Hace falta una prueba de movilidad en semanas de los dos tipos.</translation>
        </message>
        <message>
            <source>Tilt: {mean}° more forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>Inclinación: {mean}° más hacia delante en las semanas con ejercicios (probablemente de {low} a {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° wider in weeks with exercises (likely {low} to {high}).</source>
            <translation>Movilidad: {mean}° mayor en las semanas con ejercicios (probablemente de {low} a {high}).</translation>
        </message>
        <message>
            <source>Tilt: {mean}° less forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>Inclinación: {mean}° menos hacia delante en las semanas con ejercicios (probablemente de {low} a {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° narrower in weeks with exercises (likely {low} to {high}).</source>
            <translation>Movilidad: {mean}° menor en las semanas con ejercicios (probablemente de {low} a {high}).</translation>
        </message>
        <message>
            <source>Tilt: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>Inclinación: igual en las semanas con y sin ejercicios (probablemente de {low} a {high}).</translation>
        </message>
        <message>
            <source>Range: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>Movilidad: igual en las semanas con y sin ejercicios (probablemente de {low} a {high}).</translation>
        </message>
        <message>
            <source>{pairs} of {least} pairs of weeks so far: too few to tell it from chance.</source>
            <translation>{pairs} de {least} pares de semanas hasta ahora: muy pocos para distinguirlo del azar.</translation>
        </message>
        <message>
            <source>Chance alone does as much in {often} of 100 such plans, so this shows no difference.</source>
            <translation>El azar por sí solo llega a lo mismo en {often} de cada 100 planes así, de modo que no se ve diferencia.</translation>
        </message>
        <message>
            <source>Chance alone does as much in only {often} of 100 such plans.</source>
            <translation>El azar por sí solo llega a lo mismo en solo {often} de cada 100 planes así.</translation>
        </message>
        <message>
            <source>Chance alone does as much in fewer than 1 of 100 such plans.</source>
            <translation>El azar por sí solo llega a lo mismo en menos de 1 de cada 100 planes así.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.progress</name>
        <message>
            <source>What you did</source>
            <translation>Lo que has hecho</translation>
        </message>
        <message>
            <source>This week: {done}.</source>
            <translation>Esta semana: {done}.</translation>
        </message>
        <message>
            <source>nothing noted so far</source>
            <translation>nada anotado hasta ahora</translation>
        </message>
        <message>
            <source>Last week: {done}.</source>
            <translation>La semana pasada: {done}.</translation>
        </message>
        <message>
            <source>{count} weeks in a row with exercises on {days} days or more.</source>
            <translation>{count} semanas seguidas con ejercicios {days} días o más.</translation>
        </message>
        <message>
            <source>The habit is what counts: in trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>Lo que cuenta es el hábito: en los ensayos, la inclinación en sí cambió como mucho 1 o 2°.</translation>
        </message>
        <message>
            <source>■ exercises</source>
            <translation>■ ejercicios</translation>
        </message>
        <message>
            <source>▮ breaks</source>
            <translation>▮ pausas</translation>
        </message>
        <message>
            <source>self-check: ● yes, ◐ partly, ○ no</source>
            <translation>autoevaluación: ● sí, ◐ en parte, ○ no</translation>
        </message>
        <message>
            <source>Exercises, breaks and self-checks over time</source>
            <translation>Ejercicios, pausas y autoevaluaciones a lo largo del tiempo</translation>
        </message>
        <message>
            <source>Left and Right go from one day, week or month to the next.</source>
            <translation>Izquierda y Derecha pasan de un día, una semana o un mes al siguiente.</translation>
        </message>
        <message numerus="yes">
            <source>exercises on {count} days</source>
            <translation>
                <numerusform>ejercicios 1 día</numerusform>
                <numerusform>ejercicios {count} días</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} sets</source>
            <translation>
                <numerusform>1 serie</numerusform>
                <numerusform>{count} series</numerusform>
            </translation>
        </message>
        <message>
            <source>{sets} of {count} different exercises</source>
            <translation>{sets} de {count} ejercicios distintos</translation>
        </message>
        <message numerus="yes">
            <source>{count} breaks</source>
            <translation>
                <numerusform>1 pausa</numerusform>
                <numerusform>{count} pausas</numerusform>
            </translation>
        </message>
        <message>
            <source>{breaks} ({count} noticed while you were away)</source>
            <translation>{breaks} ({count} detectadas mientras no estabas)</translation>
        </message>
        <message numerus="yes">
            <source>{count} self-checks</source>
            <translation>
                <numerusform>1 autoevaluación</numerusform>
                <numerusform>{count} autoevaluaciones</numerusform>
            </translation>
        </message>
        <message>
            <source>{when}: {done}.</source>
            <translation>{when}: {done}.</translation>
        </message>
        <message>
            <source>Week from {when}: {done}.</source>
            <translation>Semana del {when}: {done}.</translation>
        </message>
        <message>
            <source>Month from {when}: {done}.</source>
            <translation>Mes desde el {when}: {done}.</translation>
        </message>
        <message>
            <source>What was done, week by week</source>
            <translation>Lo que se hizo, semana a semana</translation>
        </message>
        <message>
            <source>Weeks begin on Monday. Sets as the person, a timer or the camera counted them; breaks as the person said or the computer noticed. In trials of exercises the tilt itself changed by 1 to 2° at most, so this is no explanation of the angles.</source>
            <translation>Las semanas empiezan el lunes. Las series, según las contó la persona, un temporizador o la cámara; las pausas, según las indicó la persona o las detectó el equipo. En ensayos con ejercicios, la inclinación en sí cambió como mucho 1 o 2°, así que esto no explica los ángulos.</translation>
        </message>
        <message>
            <source>Days with exercises</source>
            <translation>Días con ejercicios</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>Series</translation>
        </message>
        <message>
            <source>Breaks</source>
            <translation>Pausas</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>Autoevaluación</translation>
        </message>
        <message>
            <source>from {day}</source>
            <translation>desde el {day}</translation>
        </message>
        <message>
            <source>{day}: {answers}</source>
            <translation>{day}: {answers}</translation>
        </message>
        <message>
            <source>Since {day}: exercises on {days} days, {sets} sets, {breaks} breaks.</source>
            <translation>Desde el {day}: ejercicios {days} días, {sets} series, {breaks} pausas.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.stance</name>
        <message>
            <source>Last time you stood {how}.</source>
            <translation>La última vez estabas {how}.</translation>
        </message>
        <message>
            <source>At the check before, you stood {how}.</source>
            <translation>En la medición anterior estabas {how}.</translation>
        </message>
        <message>
            <source>In the earlier one you stood {how}.</source>
            <translation>En la más antigua estabas {how}.</translation>
        </message>
        <message>
            <source>You stand as you did last time.</source>
            <translation>Tu postura es como la de la última vez.</translation>
        </message>
        <message>
            <source>Show how you stood last time</source>
            <translation>Mostrar la postura anterior</translation>
        </message>
        <message>
            <source>The outline of your last check, so that you can stand the same way again</source>
            <translation>El contorno de tu última medición, para que puedas ponerte otra vez igual</translation>
        </message>
        <message>
            <source>with your left side to the camera</source>
            <translation>con el lado izquierdo hacia la cámara</translation>
        </message>
        <message>
            <source>with your right side to the camera</source>
            <translation>con el lado derecho hacia la cámara</translation>
        </message>
        <message>
            <source>with your fists on your collar-bones</source>
            <translation>con los puños sobre las clavículas</translation>
        </message>
        <message>
            <source>with your arms hanging down</source>
            <translation>con los brazos colgando</translation>
        </message>
        <message>
            <source>with your arms crossed on your chest</source>
            <translation>con los brazos cruzados sobre el pecho</translation>
        </message>
        <message>
            <source>with your arms stretched forward</source>
            <translation>con los brazos estirados hacia delante</translation>
        </message>
        <message>
            <source>in {garment}</source>
            <translation>con esta ropa: {garment}</translation>
        </message>
        <message>
            <source>further away</source>
            <translation>más lejos</translation>
        </message>
        <message>
            <source>nearer</source>
            <translation>más cerca</translation>
        </message>
        <message>
            <source>with the camera higher up</source>
            <translation>con la cámara más alta</translation>
        </message>
        <message>
            <source>with the camera lower down</source>
            <translation>con la cámara más baja</translation>
        </message>
        <message>
            <source>with the camera more level</source>
            <translation>con la cámara más recta</translation>
        </message>
        <message>
            <source>with the camera more tilted</source>
            <translation>con la cámara más torcida</translation>
        </message>
    </context>
    <context>
        <name>app.text.check</name>
        <message>
            <source>Put your hands on your hips. Follow the edge of the bone forward with your fingers until it ends in a small bump at the front: that is the front point.</source>
            <translation>Ponte las manos en las caderas. Sigue con los dedos el borde del hueso hacia delante hasta que acabe en un pequeño bulto: ese es el punto delantero.</translation>
        </message>
        <message>
            <source>Slide your thumbs to the back, to the two dimples just above the buttocks. The bump under the dimple is the back point.</source>
            <translation>Lleva los pulgares hacia atrás, hasta los dos hoyuelos que hay justo encima de los glúteos. El bulto que hay bajo el hoyuelo es el punto de atrás.</translation>
        </message>
        <message>
            <source>On the picture, drag the front cross to where the front bump is, and the back cross to where the dimple is, on the side that faces the camera.</source>
            <translation>En la foto, arrastra la cruz delantera hasta el bulto de delante y la cruz de atrás hasta el hoyuelo, en el lado que mira a la cámara.</translation>
        </message>
        <message>
            <source>The points can be felt, but hardly seen. It is most exact when somebody feels for them and puts a small sticker on each before the picture is taken.</source>
            <translation>Los puntos se notan al tacto, pero apenas se ven. Lo más exacto es que alguien los busque con los dedos y ponga una pegatina pequeña en cada uno antes de hacer la foto.</translation>
        </message>
        <message>
            <source>A body from the side. The front point is the bump at the front end of the hip bone's edge; the back point lies under the dimple above the buttock, usually a little higher.</source>
            <translation>Un cuerpo de perfil. El punto delantero es el bulto en el extremo delantero del borde del hueso de la cadera; el punto de atrás está bajo el hoyuelo de encima del glúteo, normalmente un poco más alto.</translation>
        </message>
        <message>
            <source>usual range 3 to 20° forward</source>
            <translation>rango habitual de 3 a 20° hacia delante</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>Inclinación estimada de la pelvis</translation>
        </message>
        <message>
            <source>Angle of the belt line</source>
            <translation>Ángulo de la línea del cinturón</translation>
        </message>
        <message>
            <source>{angle}° {direction}</source>
            <translation>{angle}° {direction}</translation>
        </message>
        <message>
            <source>0°, level</source>
            <translation>0°, horizontal</translation>
        </message>
        <message>
            <source>{angle}° lower in front</source>
            <translation>{angle}° más baja por delante</translation>
        </message>
        <message>
            <source>{angle}° higher in front</source>
            <translation>{angle}° más alta por delante</translation>
        </message>
        <message>
            <source>likely {interval}</source>
            <translation>probablemente de {interval}</translation>
        </message>
        <message>
            <source>Also, {method}: {value}, {likely}.</source>
            <translation>Además, {method}: {value}, {likely}.</translation>
        </message>
        <message>
            <source>Belt line: {value}, {likely}</source>
            <translation>Línea del cinturón: {value}, {likely}</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was turned by {roll}°; that is taken out.</source>
            <translation>Tu plomada muestra que la cámara estaba girada {roll}°; ya está descontado.</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was level.</source>
            <translation>Tu plomada muestra que la cámara estaba recta.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. To be sure, lay the plumb line under “Mark the bony points yourself” on a door frame.</source>
            <translation>Si la cámara estaba torcida, el ángulo se equivoca en la misma medida. Para salir de dudas, en «Marcar los puntos óseos a mano» coloca la plomada sobre el marco de una puerta.</translation>
        </message>
        <message>
            <source>How far is your pelvis tilted?</source>
            <translation>¿Cuánto se inclina tu pelvis?</translation>
        </message>
        <message>
            <source>Stand side-on to the camera in clothes that fit closely, your fists on your collar-bones.</source>
            <translation>Ponte de perfil a la cámara, con ropa ajustada y los puños sobre las clavículas.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out. Have the picture taken from about three metres away, at the height of your hips.</source>
            <translation>Da cinco pasos en el sitio, relájate, mira al frente y suelta el aire. Que te hagan la foto a unos tres metros y a la altura de tus caderas.</translation>
        </message>
        <message>
            <source>Open the photograph, drop it on this page or paste it. It stays on this computer.</source>
            <translation>Abre la foto, arrástrala a esta página o pégala. Se queda en este equipo.</translation>
        </message>
        <message>
            <source>Drawing</source>
            <translation>Dibujo</translation>
        </message>
        <message>
            <source>The camera stands beside the person, at the height of the hips and three metres away. The picture shows the person from the side, from head to feet, fists on the collar-bones.</source>
            <translation>La cámara está al lado de la persona, a la altura de las caderas y a tres metros. La imagen muestra a la persona de perfil, de la cabeza a los pies, con los puños sobre las clavículas.</translation>
        </message>
        <message>
            <source>On the left, what was wrong with the picture. On the right, how it should be: one person from the side, upright, from head to feet.</source>
            <translation>A la izquierda, lo que fallaba en la foto. A la derecha, cómo debe ser: una persona de perfil, erguida, de la cabeza a los pies.</translation>
        </message>
        <message>
            <source>Three metres away, side-on, whole body in the picture, fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>A tres metros, de perfil, con todo el cuerpo en la imagen y los puños sobre las clavículas. Da cinco pasos en el sitio, relájate, mira al frente y suelta el aire.</translation>
        </message>
        <message>
            <source>Drag each of the two points to where you feel the bone under the skin. The arrow keys move the chosen point by a little. Add the plumb line if something upright is in the picture.</source>
            <translation>Arrastra cada punto hasta donde notes el hueso bajo la piel. Las flechas mueven un poco el punto elegido. Añade la plomada si en la foto hay algo vertical.</translation>
        </message>
        <message>
            <source>Drag the two ends of the line onto something that is upright in reality, such as a door frame or the edge of a wall, as far apart as you can. It shows how far the camera was turned.</source>
            <translation>Arrastra los dos extremos de la línea sobre algo que sea vertical en la realidad, como el marco de una puerta o el borde de una pared, tan separados como puedas. Así se ve cuánto estaba girada la cámara.</translation>
        </message>
        <message>
            <source>This is a link to the web, not a photograph.</source>
            <translation>Esto es un enlace a la web, no una foto.</translation>
        </message>
        <message>
            <source>Save the picture on this computer first, then open it here.</source>
            <translation>Guarda antes la foto en este equipo y ábrela aquí.</translation>
        </message>
        <message>
            <source>This is not a photograph.</source>
            <translation>Esto no es una foto.</translation>
        </message>
        <message>
            <source>Drop a picture file here, for example a JPEG.</source>
            <translation>Arrastra aquí un archivo de imagen, por ejemplo un JPEG.</translation>
        </message>
        <message>
            <source>There is no picture to paste.</source>
            <translation>No hay ninguna imagen que pegar.</translation>
        </message>
        <message>
            <source>Copy a photograph or its file first, then paste it here.</source>
            <translation>Copia antes una foto o su archivo y pégalo aquí.</translation>
        </message>
        <message>
            <source>One photograph at a time: the first of {count} was opened.</source>
            <translation>Las fotos, de una en una: se ha abierto la primera de {count}.</translation>
        </message>
        <message>
            <source>The hips cannot be seen well enough to place the points.</source>
            <translation>Las caderas no se ven lo bastante bien para colocar los puntos.</translation>
        </message>
        <message>
            <source>Take a picture in which the whole body shows.</source>
            <translation>Haz una foto en la que se vea todo el cuerpo.</translation>
        </message>
        <message>
            <source>{name}: {message} {fix}</source>
            <translation>{name}: {message} {fix}</translation>
        </message>
        <message>
            <source>Nothing was moved, so this is still the automatic measurement.</source>
            <translation>No se ha movido nada, así que sigue siendo la medición automática.</translation>
        </message>
        <message>
            <source>This is a computer-made person. The sample is not saved; open a photograph of your own to begin a history.</source>
            <translation>Es una persona virtual. El ejemplo no se guarda; abre una foto tuya para empezar un historial.</translation>
        </message>
        <message>
            <source>This check could not be saved.</source>
            <translation>No se ha podido guardar esta medición.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>Inténtalo otra vez; si vuelve a fallar, cierra Beltline y ábrelo de nuevo.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>El propio Beltline ha fallado con esta foto.</translation>
        </message>
        <message>
            <source>Try another picture, and please report what happened.</source>
            <translation>Prueba con otra foto e informa de lo que ha pasado, por favor.</translation>
        </message>
        <message>
            <source>Exercises and self-check</source>
            <translation>Ejercicios y autoevaluación</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>Recordatorio de pausas</translation>
        </message>
        <message>
            <source>Live check</source>
            <translation>Medición en directo</translation>
        </message>
        <message>
            <source>How to prepare</source>
            <translation>Cómo prepararte</translation>
        </message>
        <message>
            <source>Fists on the collar-bones</source>
            <translation>Puños sobre las clavículas</translation>
        </message>
        <message>
            <source>Hanging down</source>
            <translation>Colgando</translation>
        </message>
        <message>
            <source>Crossed on the chest</source>
            <translation>Cruzados sobre el pecho</translation>
        </message>
        <message>
            <source>Stretched forward</source>
            <translation>Estirados hacia delante</translation>
        </message>
    </context>
    <context>
        <name>app.text.doctor</name>
        <message>
            <source>All models are there and undamaged.</source>
            <translation>Todos los modelos están y en buen estado.</translation>
        </message>
        <message>
            <source>The sample picture was measured: {tilt}.</source>
            <translation>Se ha medido la foto de ejemplo: {tilt}.</translation>
        </message>
        <message>
            <source>The sample picture could not be measured.</source>
            <translation>No se ha podido medir la foto de ejemplo.</translation>
        </message>
        <message>
            <source>Install Beltline again.</source>
            <translation>Vuelve a instalar Beltline.</translation>
        </message>
        <message>
            <source>A window can be opened.</source>
            <translation>Se puede abrir una ventana.</translation>
        </message>
        <message>
            <source>Found: {names}.</source>
            <translation>Encontrado: {names}.</translation>
        </message>
        <message>
            <source>No camera was found.</source>
            <translation>No se ha encontrado ninguna cámara.</translation>
        </message>
        <message>
            <source>Photographs can be measured all the same; else connect a camera.</source>
            <translation>Aun así se pueden medir fotos; para lo demás, conecta una cámara.</translation>
        </message>
        <message>
            <source>Another program looks through a camera just now; close it if yours stays black.</source>
            <translation>Ahora mismo otro programa usa una cámara; ciérralo si la tuya se queda en negro.</translation>
        </message>
        <message>
            <source>There is a camera, but you are not allowed to use it.</source>
            <translation>Hay una cámara, pero no tienes permiso para usarla.</translation>
        </message>
        <message>
            <source>Give yourself the right with this command, then log out and in again: {command}</source>
            <translation>Date permiso con este comando y después cierra la sesión y vuelve a abrirla: {command}</translation>
        </message>
        <message>
            <source>This computer can speak, so the live check tells you what to do.</source>
            <translation>Este equipo puede hablar, así que la medición en directo te dice qué hacer.</translation>
        </message>
        <message>
            <source>This computer has no voice for your language; tones and large words stand in for it.</source>
            <translation>Este equipo no tiene ninguna voz para tu idioma; la sustituyen tonos y palabras grandes.</translation>
        </message>
        <message>
            <source>Install one, on Debian or Ubuntu with: {command}</source>
            <translation>Instala una; en Debian o Ubuntu, con: {command}</translation>
        </message>
        <message>
            <source>sudo apt install speech-dispatcher-espeak-ng</source>
            <translation>sudo apt install speech-dispatcher-espeak-ng</translation>
        </message>
        <message>
            <source>Every letter of your language can be shown and printed.</source>
            <translation>Todas las letras de tu idioma se pueden mostrar e imprimir.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters of your language: {letters}</source>
            <translation>Ninguna fuente de este equipo tiene estas letras de tu idioma: {letters}</translation>
        </message>
        <message>
            <source>Install a font for them, such as one of Google's Noto fonts, and look again.</source>
            <translation>Instala una fuente que las tenga, como alguna de las Noto de Google, y vuelve a mirar.</translation>
        </message>
        <message>
            <source>A camera's password is kept safely, in this computer's keyring.</source>
            <translation>La contraseña de una cámara se guarda de forma segura, en el depósito de claves de este equipo.</translation>
        </message>
        <message>
            <source>There is no keyring, so a camera's password is kept nowhere.</source>
            <translation>No hay depósito de claves, así que la contraseña de una cámara no se guarda en ningún sitio.</translation>
        </message>
        <message>
            <source>Type it each time, or install GNOME Keyring or KWallet.</source>
            <translation>Escríbela cada vez, o instala GNOME Keyring o KWallet.</translation>
        </message>
        <message>
            <source>Checks kept: {count}, in {where}.</source>
            <translation>Mediciones guardadas: {count}, en {where}.</translation>
        </message>
        <message>
            <source>the database that BELTLINE_DATABASE_URL names</source>
            <translation>la base de datos que indica BELTLINE_DATABASE_URL</translation>
        </message>
        <message>
            <source>Nothing is kept yet; it will be in {folder}.</source>
            <translation>Todavía no hay nada guardado; se guardará en {folder}.</translation>
        </message>
        <message>
            <source>Nothing can be kept in {folder}: that place cannot be written to.</source>
            <translation>No se puede guardar nada en {folder}: no hay permiso de escritura.</translation>
        </message>
        <message>
            <source>Make the folder yours to write to.</source>
            <translation>Asígnate permiso de escritura en la carpeta.</translation>
        </message>
        <message>
            <source>Saved in {path}: {checks}, {tests} and {entries}.</source>
            <translation>Guardado en {path}: {checks}, {tests} y {entries}.</translation>
        </message>
        <message>
            <source>What could be read is in use now: {checks}, {tests} and {entries}.</source>
            <translation>Ya se usa lo que se ha podido leer: {checks}, {tests} y {entries}.</translation>
        </message>
        <message>
            <source>{count} of these come from copies of earlier days.</source>
            <translation>{count} de estos elementos vienen de copias de días anteriores.</translation>
        </message>
        <message>
            <source>Lost: {what}.</source>
            <translation>Perdido: {what}.</translation>
        </message>
        <message>
            <source>check {number} of {when}, {angle}</source>
            <translation>medición {number} del {when}, {angle}</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>{count} más</translation>
        </message>
        <message>
            <source>Nothing was lost of which there is any trace.</source>
            <translation>No se ha perdido nada de lo que quede rastro.</translation>
        </message>
        <message>
            <source>To go on with it: beltline history use-copy '{path}'</source>
            <translation>Para seguir con ello: beltline history use-copy '{path}'</translation>
        </message>
        <message>
            <source>{day}  {size} MB{flaws}</source>
            <translation>{day}  {size} MB{flaws}</translation>
        </message>
        <message>
            <source>  some of it cannot be read</source>
            <translation>  una parte no se puede leer</translation>
        </message>
        <message>
            <source>There is no copy yet: one is made on each day on which something new is kept.</source>
            <translation>Todavía no hay ninguna copia: se hace una cada día en que se guarda algo nuevo.</translation>
        </message>
        <message>
            <source>Put it in the place of the history as it is now? That is kept beside it.</source>
            <translation>¿Ponerla en lugar del historial actual? Este se guarda al lado.</translation>
        </message>
        <message>
            <source>Everything was left as it is.</source>
            <translation>Todo se ha dejado como estaba.</translation>
        </message>
        <message>
            <source>The history is now the one of {path}.</source>
            <translation>El historial es ahora el de {path}.</translation>
        </message>
        <message>
            <source>The one before was kept: {path}</source>
            <translation>El anterior se ha guardado: {path}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>1 medición</numerusform>
                <numerusform>{count} mediciones</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>parts of {count} checks</source>
            <translation>
                <numerusform>partes de 1 medición</numerusform>
                <numerusform>partes de {count} mediciones</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>1 prueba de glúteos</numerusform>
                <numerusform>{count} pruebas de glúteos</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} diary entries</source>
            <translation>
                <numerusform>1 entrada del diario</numerusform>
                <numerusform>{count} entradas del diario</numerusform>
            </translation>
        </message>
        <message>
            <source>in order</source>
            <translation>correcto</translation>
        </message>
        <message>
            <source>not there</source>
            <translation>no está</translation>
        </message>
        <message>
            <source>not working</source>
            <translation>no funciona</translation>
        </message>
        <message>
            <source>What works here</source>
            <translation>Qué funciona aquí</translation>
        </message>
        <message>
            <source>Each part of Beltline is looked at. Nothing is changed, and nothing is sent anywhere.</source>
            <translation>Se revisa cada parte de Beltline. No se cambia nada y no se envía nada a ningún sitio.</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modelos</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Medición</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Cámara</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Voz</translation>
        </message>
        <message>
            <source>Letters</source>
            <translation>Letras</translation>
        </message>
        <message>
            <source>Passwords</source>
            <translation>Contraseñas</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historial</translation>
        </message>
        <message>
            <source>Looking…</source>
            <translation>Revisando…</translation>
        </message>
        <message>
            <source>In order.</source>
            <translation>Correcto.</translation>
        </message>
        <message>
            <source>Not there.</source>
            <translation>No está.</translation>
        </message>
        <message>
            <source>Not working.</source>
            <translation>No funciona.</translation>
        </message>
        <message>
            <source>Look again</source>
            <translation>Volver a mirar</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <source>Copy all</source>
            <translation>Copiar todo</translation>
        </message>
        <message>
            <source>To paste it into a letter to somebody who helps you</source>
            <translation>Para pegarlo en un mensaje a alguien que te ayude</translation>
        </message>
        <message>
            <source>Say something</source>
            <translation>Decir algo</translation>
        </message>
        <message>
            <source>This is how Beltline speaks to you.</source>
            <translation>Así te habla Beltline.</translation>
        </message>
        <message>
            <source>Try the camera</source>
            <translation>Probar la cámara</translation>
        </message>
        <message>
            <source>Copy the command</source>
            <translation>Copiar el comando</translation>
        </message>
        <message>
            <source>Earlier copies…</source>
            <translation>Copias anteriores…</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.sheet</name>
        <message>
            <source>How to stand for the picture</source>
            <translation>Cómo ponerte para la foto</translation>
        </message>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted.</source>
            <translation>Beltline mide, en una foto de perfil, cuánto se inclina tu pelvis.</translation>
        </message>
        <message>
            <source>The picture</source>
            <translation>La foto</translation>
        </message>
        <message>
            <source>The camera</source>
            <translation>La cámara</translation>
        </message>
        <message>
            <source>At the height of your hips, on something that stands firmly.</source>
            <translation>A la altura de tus caderas, sobre algo firme.</translation>
        </message>
        <message>
            <source>Level: not tipped forward or back, not turned to one side.</source>
            <translation>Recta: ni inclinada hacia delante o hacia atrás, ni girada hacia un lado.</translation>
        </message>
        <message>
            <source>Three metres away, so that you are in the picture from head to feet.</source>
            <translation>A tres metros, para que se te vea en la foto de la cabeza a los pies.</translation>
        </message>
        <message>
            <source>Light from the side of the camera, no bright window behind you.</source>
            <translation>La luz, desde el lado de la cámara; detrás de ti, ninguna ventana con mucha luz.</translation>
        </message>
        <message>
            <source>Nobody else in the picture; a door frame or the edge of a wall in it helps.</source>
            <translation>Nadie más en la foto; ayuda que se vea el marco de una puerta o el borde de una pared.</translation>
        </message>
        <message>
            <source>You</source>
            <translation>Tú</translation>
        </message>
        <message>
            <source>Side-on: the shoulder, hip and foot near the camera hide those on the far side.</source>
            <translation>De perfil: el hombro, la cadera y el pie más cercanos a la cámara tapan los del otro lado.</translation>
        </message>
        <message>
            <source>Clothes that fit closely, the top tucked in, no coat, no bag. Bare feet or flat shoes.</source>
            <translation>Ropa ajustada, la camiseta por dentro, sin abrigo ni bolso. Pies descalzos o zapatos planos.</translation>
        </message>
        <message>
            <source>Fists on your collar-bones, so that your arms do not hide your hips.</source>
            <translation>Los puños sobre las clavículas, para que los brazos no tapen las caderas.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>Da cinco pasos en el sitio, relájate, mira al frente y suelta el aire.</translation>
        </message>
        <message>
            <source>To see a change later: the same clothes, the same arms, the same place.</source>
            <translation>Para ver un cambio más adelante: la misma ropa, los brazos igual, el mismo sitio.</translation>
        </message>
        <message>
            <source>What is measured</source>
            <translation>Qué se mide</translation>
        </message>
        <message>
            <source>The angle between level and the line from the dimple at the back of the hip to the bony bump at its front, seen from the side. Forward means that the front is lower. It comes with a likely range, meant to hold the true angle in 9 of 10 cases.</source>
            <translation>El ángulo entre la horizontal y la línea que va del hoyuelo de atrás de la cadera al bulto óseo de delante, visto de perfil. Hacia delante quiere decir que la parte de delante está más baja. Lleva un intervalo probable, pensado para incluir el ángulo verdadero en 9 de cada 10 casos.</translation>
        </message>
        <message>
            <source>What it may mean</source>
            <translation>Qué puede significar</translation>
        </message>
        <message>
            <source>Most healthy young adults stand tilted forward: 85 % of men, 75 % of women. The shape of the bones alone makes 0 to 23°. Most people without pain stand between 3 and 20° forward; no line between healthy and unhealthy has been shown to hold.</source>
            <translation>La mayoría de los adultos jóvenes sanos están de pie con la pelvis inclinada hacia delante: el 85 % de los hombres y el 75 % de las mujeres. Solo la forma de los huesos ya da de 0 a 23°. La mayoría de las personas sin dolor están entre 3 y 20° hacia delante; no se ha demostrado que sea válido ningún límite entre lo sano y lo no sano.</translation>
        </message>
        <message>
            <source>Two single pictures that differ by less than 9 or 10° show no real change.</source>
            <translation>Dos fotos sueltas con menos de 9 o 10° de diferencia no muestran un cambio real.</translation>
        </message>
        <message>
            <source>Some physiotherapists read a forward belt line as a sign that the muscles of the buttocks do not switch on reliably, usually after much sitting. That is an observation from practice: no study shows that the tilt proves weak muscles or explains pain.</source>
            <translation>Algunos fisioterapeutas interpretan una línea del cinturón más baja por delante como señal de que los glúteos no se activan siempre que hace falta, normalmente tras pasar muchas horas en la silla. Es una observación de la práctica: ningún estudio muestra que la inclinación demuestre debilidad muscular o explique el dolor.</translation>
        </message>
        <message>
            <source>Herrington 2011 (n = 120); Preece 2008; Laird 2014.</source>
            <translation>Herrington 2011 (n = 120); Preece 2008; Laird 2014.</translation>
        </message>
        <message>
            <source>The picture stays on the computer that measures it.</source>
            <translation>La foto se queda en el equipo que la mide.</translation>
        </message>
        <message>
            <source>Print how to stand…</source>
            <translation>Imprimir cómo ponerte…</translation>
        </message>
        <message>
            <source>One page with drawings, for the wall beside the camera</source>
            <translation>Una hoja con dibujos, para la pared junto a la cámara</translation>
        </message>
        <message>
            <source>One page with drawings: where the camera goes, how to stand, what is measured.</source>
            <translation>Una hoja con dibujos: dónde va la cámara, cómo ponerte y qué se mide.</translation>
        </message>
        <message>
            <source>Paper</source>
            <translation>Papel</translation>
        </message>
        <message>
            <source>US Letter</source>
            <translation>Carta (EE. UU.)</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>Guardar como PDF…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Save the page</source>
            <translation>Guardar la hoja</translation>
        </message>
        <message>
            <source>PDF (*.pdf)</source>
            <translation>PDF (*.pdf)</translation>
        </message>
        <message>
            <source>how to stand.pdf</source>
            <translation>como_ponerte.pdf</translation>
        </message>
        <message>
            <source>The page is saved in {path}.</source>
            <translation>La hoja está guardada en {path}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.tour</name>
        <message>
            <source>The pages</source>
            <translation>Las páginas</translation>
        </message>
        <message>
            <source>A button for each page of Beltline; Ctrl with its number does the same. At the foot you see whose turn it is.</source>
            <translation>Un botón para cada página de Beltline; Ctrl con su número hace lo mismo. Abajo ves a quién le toca.</translation>
        </message>
        <message>
            <source>How to stand</source>
            <translation>Cómo ponerte</translation>
        </message>
        <message>
            <source>Side-on to the camera, three metres away, the camera as high as your hips, fists on your collar-bones. Everything else follows from a good picture.</source>
            <translation>De perfil a la cámara y a tres metros, la cámara a la altura de tus caderas y los puños sobre las clavículas. Todo lo demás depende de una buena foto.</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>Medir</translation>
        </message>
        <message>
            <source>Open a photograph, take one here, or let your phone send it. You get an angle, how sure it is, and what to do next. Without a picture of your own, try the sample.</source>
            <translation>Abre una foto, hazla aquí o envíala desde el teléfono. Obtienes un ángulo, cómo de seguro es y qué hacer después. Si no tienes una foto tuya, prueba el ejemplo.</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>En directo</translation>
        </message>
        <message>
            <source>Here the camera watches while you turn and stand, tells you aloud what to change, and measures by itself once you stand well.</source>
            <translation>Aquí la cámara te mira mientras te giras y te colocas, te dice en voz alta qué cambiar y mide por sí sola cuando estás bien.</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Ejercicios</translation>
        </message>
        <message>
            <source>A short list for today, with pictures. A few questions come first, so that nothing is done that could hurt.</source>
            <translation>Una lista corta para hoy, con imágenes. Antes hay unas preguntas, para que no hagas nada que pueda hacerte daño.</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>Sentarse menos</translation>
        </message>
        <message>
            <source>A reminder to get up now and then. It waits while you are in a call or show something, and is off until you switch it on.</source>
            <translation>Un recordatorio para levantarte de vez en cuando. Espera mientras estás en una llamada o presentas algo, y está desactivado hasta que lo actives.</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historial</translation>
        </message>
        <message>
            <source>What you saved, and how it changes. It tells a real change from chance, and makes a report to bring to a physiotherapist.</source>
            <translation>Lo que has guardado y cómo cambia. Distingue un cambio real del azar y crea un informe para llevar al fisioterapeuta.</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>Ayuda</translation>
        </message>
        <message>
            <source>This tour, the first questions, a look at what works here and a page to print are all here, and under F1.</source>
            <translation>Este recorrido, las primeras preguntas, un repaso de qué funciona aquí y una hoja para imprimir están aquí, y también con F1.</translation>
        </message>
        <message>
            <source>{n} of {count}</source>
            <translation>{n} de {count}</translation>
        </message>
        <message>
            <source>Tour</source>
            <translation>Recorrido</translation>
        </message>
        <message>
            <source>Leave</source>
            <translation>Salir</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Volver</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Siguiente</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Listo</translation>
        </message>
        <message>
            <source>Leave the tour (Esc); it can be taken again from Settings</source>
            <translation>Salir del recorrido (Esc); se puede repetir desde Ajustes</translation>
        </message>
        <message>
            <source>Tour…</source>
            <translation>Recorrido…</translation>
        </message>
        <message>
            <source>Two minutes through the window; leave it whenever you like</source>
            <translation>Dos minutos por la ventana; sal cuando quieras</translation>
        </message>
    </context>
    <context>
        <name>app.text.history</name>
        <message>
            <source>from the outline of the body</source>
            <translation>a partir del contorno del cuerpo</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>a partir del contorno del cuerpo, con la calibración propia de esta persona</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>a partir de los dos puntos óseos marcados</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>a partir de las dos pegatinas</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>a partir de la línea del cinturón</translation>
        </message>
        <message>
            <source>Body outline</source>
            <translation>Contorno del cuerpo</translation>
        </message>
        <message>
            <source>Calibrated outline</source>
            <translation>Contorno calibrado</translation>
        </message>
        <message>
            <source>Two marked points</source>
            <translation>Dos puntos marcados</translation>
        </message>
        <message>
            <source>Two stickers</source>
            <translation>Dos pegatinas</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>Línea del cinturón</translation>
        </message>
        <message>
            <source>fists on the collar-bones</source>
            <translation>puños sobre las clavículas</translation>
        </message>
        <message>
            <source>hanging</source>
            <translation>colgando</translation>
        </message>
        <message>
            <source>crossed</source>
            <translation>cruzados</translation>
        </message>
        <message>
            <source>stretched forward</source>
            <translation>estirados hacia delante</translation>
        </message>
        <message>
            <source>Forward tilt in degrees, backward below 0</source>
            <translation>Inclinación hacia delante en grados; hacia atrás, por debajo de 0</translation>
        </message>
        <message>
            <source>Belt line in degrees: front lower above 0, front higher below 0</source>
            <translation>Línea del cinturón en grados: más baja por delante, sobre 0; más alta, bajo 0</translation>
        </message>
        <message>
            <source>usual range of people without pain</source>
            <translation>rango habitual de personas sin dolor</translation>
        </message>
        <message>
            <source>checked on computer-made bodies</source>
            <translation>comprobado con cuerpos virtuales</translation>
        </message>
        <message>
            <source>Bars: how far checks differ by chance. Line: all of them together.</source>
            <translation>Barras: cuánto difieren las mediciones por azar. Línea: todas juntas.</translation>
        </message>
        <message>
            <source>No checks yet</source>
            <translation>Todavía no hay mediciones</translation>
        </message>
        <message>
            <source>Measure a side-on photograph on the Check page and press Save. Your checks then appear here, with how they change over time.</source>
            <translation>Mide una foto de perfil en la página Medir y pulsa Guardar. Tus mediciones aparecerán aquí, con su evolución en el tiempo.</translation>
        </message>
        <message>
            <source>No check matches what you chose above.</source>
            <translation>Ninguna medición coincide con lo que elegiste arriba.</translation>
        </message>
        <message>
            <source>Choose something else, or show all checks again.</source>
            <translation>Elige otra cosa o vuelve a mostrar todas las mediciones.</translation>
        </message>
        <message>
            <source>Since {day}: {change}</source>
            <translation>Desde el {day}: {change}</translation>
        </message>
        <message>
            <source>Newest, {when}: {angle}.</source>
            <translation>La más reciente, {when}: {angle}.</translation>
        </message>
        <message>
            <source>A second check, taken the same way and in the same clothes, shows whether it changes.</source>
            <translation>Una segunda medición, hecha igual y con la misma ropa, muestra si cambia.</translation>
        </message>
        <message>
            <source>No earlier check was measured the same way, so there is nothing to compare it with.</source>
            <translation>Ninguna medición anterior se hizo de la misma forma, así que no hay con qué compararla.</translation>
        </message>
        <message>
            <source>no real change.</source>
            <translation>sin cambio real.</translation>
        </message>
        <message>
            <source>Since {when}, {angle}, {why}: {change}</source>
            <translation>Desde el {when}, {angle}, {why}: {change}</translation>
        </message>
        <message>
            <source>the last with the same clothes and arms</source>
            <translation>la última con la misma ropa y los brazos igual</translation>
        </message>
        <message>
            <source>the one before it</source>
            <translation>la anterior a esta</translation>
        </message>
        <message>
            <source>{change} ({smallest}° or more is one).</source>
            <translation>{change} (lo es a partir de {smallest}°).</translation>
        </message>
        <message>
            <source>no real change ({apart} apart; a real one is {smallest}° or more).</source>
            <translation>sin cambio real (diferencia de {apart}; real sería a partir de {smallest}°).</translation>
        </message>
        <message>
            <source>The forward tilt fell by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>La inclinación hacia delante bajó unos {change}° del {first} al {last} (probablemente de {low} a {high}°).</translation>
        </message>
        <message>
            <source>The forward tilt rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>La inclinación hacia delante subió unos {change}° del {first} al {last} (probablemente de {low} a {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>La parte delantera de la línea del cinturón subió unos {change}° del {first} al {last} (probablemente de {low} a {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line sank by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>La parte delantera de la línea del cinturón bajó unos {change}° del {first} al {last} (probablemente de {low} a {high}°).</translation>
        </message>
        <message>
            <source>No real change from {first} to {last}: if there is one, it is less than {most}°.</source>
            <translation>Sin cambio real del {first} al {last}: si lo hay, es de menos de {most}°.</translation>
        </message>
        <message>
            <source>All {count} checks say this together.</source>
            <translation>Lo dicen las {count} mediciones en conjunto.</translation>
        </message>
        <message>
            <source>{count} of {total} checks say this together. The others were taken in other ways, too seldom to show a change.</source>
            <translation>Lo dicen en conjunto {count} de {total} mediciones. Las demás se hicieron de otras formas, demasiado pocas veces para mostrar un cambio.</translation>
        </message>
        <message>
            <source>About {count} more checks like these would show a change of {change}°.</source>
            <translation>Unas {count} mediciones más como estas mostrarían un cambio de {change}°.</translation>
        </message>
        <message>
            <source>{difference}° further forward, a real change.</source>
            <translation>{difference}° más hacia delante, un cambio real.</translation>
        </message>
        <message>
            <source>{difference}° further backward, a real change.</source>
            <translation>{difference}° más hacia atrás, un cambio real.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° lower, a real change.</source>
            <translation>la parte delantera de la línea del cinturón está {difference}° más baja, un cambio real.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° higher, a real change.</source>
            <translation>la parte delantera de la línea del cinturón está {difference}° más alta, un cambio real.</translation>
        </message>
        <message>
            <source>The two are the same in whole degrees.</source>
            <translation>Las dos coinciden en grados enteros.</translation>
        </message>
        <message>
            <source>The two are {difference}° apart.</source>
            <translation>Hay {difference}° de diferencia entre las dos.</translation>
        </message>
        <message>
            <source>just under {smallest}</source>
            <translation>casi {smallest}</translation>
        </message>
        <message>
            <source>Between these two single pictures, less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>Entre estas dos fotos sueltas, menos de {smallest}° no es un cambio real: esa diferencia puede deberse solo a medir dos veces y a que la postura varía de un día a otro.</translation>
        </message>
        <message>
            <source>Less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day. Five repeats taken alike each time find your own limit.</source>
            <translation>Menos de {smallest}° no es un cambio real: esa diferencia puede deberse solo a medir dos veces y a que la postura varía de un día a otro. Con cinco repeticiones hechas siempre igual se conoce tu propio límite.</translation>
        </message>
        <message>
            <source>By their repeats, less than {smallest}° is no real change, if clothes, arms and camera were the same.</source>
            <translation>Según sus repeticiones, menos de {smallest}° no es un cambio real, si la ropa, los brazos y la cámara estaban igual.</translation>
        </message>
        <message>
            <source>These two were measured in different ways ({first}; {second}). The ways can differ by themselves, so no difference is given.</source>
            <translation>Estas dos se midieron de formas distintas ({first}; {second}). Las formas de medir pueden diferir por sí mismas, así que no se da ninguna diferencia.</translation>
        </message>
        <message>
            <source>A belt line can only be compared in the same clothes, so no difference is given.</source>
            <translation>Una línea del cinturón solo se puede comparar con la misma ropa, así que no se da ninguna diferencia.</translation>
        </message>
        <message>
            <source>The clothes differ ({first}; {second}), which can shift the number.</source>
            <translation>La ropa es distinta ({first}; {second}), y eso puede alterar el número.</translation>
        </message>
        <message>
            <source>The arms differ ({first}; {second}), which can shift the number.</source>
            <translation>La posición de los brazos es distinta ({first}; {second}), y eso puede alterar el número.</translation>
        </message>
        <message>
            <source>Clothes and arms were not the same, which can shift the number.</source>
            <translation>Ni la ropa ni los brazos estaban igual, y eso puede alterar el número.</translation>
        </message>
        <message>
            <source>The clothes were not the same, which can shift the number.</source>
            <translation>La ropa no era la misma, y eso puede alterar el número.</translation>
        </message>
        <message>
            <source>The arms were not in the same place, which can shift the number.</source>
            <translation>Los brazos no estaban en el mismo sitio, y eso puede alterar el número.</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>sin indicar</translation>
        </message>
        <message>
            <source>{name}, {count} repeats</source>
            <translation>{name}, {count} repeticiones</translation>
        </message>
        <message>
            <source>middle of {count} repeats</source>
            <translation>valor central de {count} repeticiones</translation>
        </message>
        <message>
            <source>Middle (median) of {count} repeats, spread {spread}</source>
            <translation>Valor central (mediana) de {count} repeticiones, dispersión {spread}</translation>
        </message>
        <message>
            <source>One stance, measured for some seconds</source>
            <translation>Una sola postura, medida durante unos segundos</translation>
        </message>
        <message>
            <source>One by one: {angles}</source>
            <translation>Una a una: {angles}</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>menos de 1°</translation>
        </message>
        <message>
            <source>Only the numbers of this check were kept, no picture.</source>
            <translation>De esta medición solo se guardaron los números, no la foto.</translation>
        </message>
        <message>
            <source>The picture of this check is no longer where it was kept. The numbers are still here; if you have the photograph, check it again to see it.</source>
            <translation>La foto de esta medición ya no está donde se guardó. Los números siguen aquí; si tienes la foto, mídela otra vez para verla.</translation>
        </message>
        <message>
            <source>The two pictures cannot be laid over each other: ankles and shoulders have to be seen in both, and both pictures have to be kept.</source>
            <translation>Las dos fotos no se pueden superponer: los tobillos y los hombros tienen que verse en ambas, y ambas tienen que estar guardadas.</translation>
        </message>
        <message>
            <source>Clothes changed</source>
            <translation>Ropa cambiada</translation>
        </message>
        <message>
            <source>Arms changed</source>
            <translation>Brazos cambiados</translation>
        </message>
        <message>
            <source>Note changed</source>
            <translation>Nota cambiada</translation>
        </message>
        <message>
            <source>Date changed</source>
            <translation>Fecha cambiada</translation>
        </message>
        <message>
            <source>No checks are kept yet. Keep one with: beltline measure --save PHOTO</source>
            <translation>Todavía no hay mediciones guardadas. Guarda una con: beltline measure --save PHOTO</translation>
        </message>
        <message>
            <source>No check matches.</source>
            <translation>Ninguna medición coincide.</translation>
        </message>
        <message>
            <source>{profile}, measured {method}: {count}</source>
            <translation>{profile}, con medición {method}: {count}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>1 medición</numerusform>
                <numerusform>{count} mediciones</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Deleted {count} checks</source>
            <translation>
                <numerusform>1 medición eliminada</numerusform>
                <numerusform>{count} mediciones eliminadas</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} new people</source>
            <translation>
                <numerusform>1 persona nueva</numerusform>
                <numerusform>{count} personas nuevas</numerusform>
            </translation>
        </message>
        <message>
            <source>From the first to the latest: {change}</source>
            <translation>De la primera a la última: {change}</translation>
        </message>
        <message>
            <source>A second check, taken the same way, shows whether it changes.</source>
            <translation>Una segunda medición, hecha igual, muestra si cambia.</translation>
        </message>
        <message>
            <source>A second test, done the same way, shows whether it changes.</source>
            <translation>Una segunda prueba, hecha igual, muestra si cambia.</translation>
        </message>
        <message>
            <source>Check {id} of {profile}, {when}</source>
            <translation>Medición {id} de {profile}, {when}</translation>
        </message>
        <message>
            <source>Worn: {garment}</source>
            <translation>Ropa: {garment}</translation>
        </message>
        <message>
            <source>Arms: {arms}</source>
            <translation>Brazos: {arms}</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>Nota: {note}</translation>
        </message>
        <message>
            <source>Picture: {path}</source>
            <translation>Foto: {path}</translation>
        </message>
        <message>
            <source>The picture is no longer where it was kept: {path}</source>
            <translation>La foto ya no está donde se guardó: {path}</translation>
        </message>
        <message>
            <source>Only the numbers were kept, no picture.</source>
            <translation>Solo se guardaron los números, no la foto.</translation>
        </message>
        <message>
            <source>These two are checks of different people, so no difference is given.</source>
            <translation>Estas dos mediciones son de personas distintas, así que no se da ninguna diferencia.</translation>
        </message>
        <message>
            <source>Only checks that rest on the same calibration are compared.</source>
            <translation>Solo se comparan mediciones que se basan en la misma calibración.</translation>
        </message>
        <message>
            <source>These two rest on different calibrations, which shift the number by themselves, so no difference is given.</source>
            <translation>Estas dos se basan en calibraciones distintas, que ya alteran el número por sí mismas, así que no se da ninguna diferencia.</translation>
        </message>
        <message>
            <source>A belt line is compared in the same clothes only, and these two do not say that they are, so no difference is given.</source>
            <translation>Una línea del cinturón solo se compara con la misma ropa, y en estas dos no consta que lo sea, así que no se da ninguna diferencia.</translation>
        </message>
        <message>
            <source>Delete {count} with picture? It can be had back for {days} days</source>
            <translation>¿Eliminar {count} con su foto? Se puede recuperar durante {days} días</translation>
        </message>
        <message>
            <source>Delete {count} with picture for good? This cannot be undone</source>
            <translation>¿Eliminar {count} con su foto para siempre? No se puede deshacer</translation>
        </message>
        <message>
            <source>{count} deleted. For {days} days it can be had back: beltline history restore {name}</source>
            <translation>Eliminado: {count}. Durante {days} días se puede recuperar: beltline history restore {name}</translation>
        </message>
        <message>
            <source>{count} deleted for good.</source>
            <translation>Eliminado para siempre: {count}.</translation>
        </message>
        <message>
            <source>Back in the history: {what}.</source>
            <translation>De vuelta en el historial: {what}.</translation>
        </message>
        <message>
            <source>Nothing was deleted in the last {days} days.</source>
            <translation>No se ha eliminado nada en los últimos {days} días.</translation>
        </message>
        <message>
            <source>{name}  {when}  {what}</source>
            <translation>{name}  {when}  {what}</translation>
        </message>
        <message>
            <source>Delete all that is in the bin for good? This cannot be undone</source>
            <translation>¿Eliminar para siempre todo lo que hay en la papelera? No se puede deshacer</translation>
        </message>
        <message>
            <source>The bin is empty now.</source>
            <translation>La papelera ya está vacía.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>1 foto</numerusform>
                <numerusform>{count} fotos</numerusform>
            </translation>
        </message>
        <message>
            <source>{checks} and {pictures} written to {path}</source>
            <translation>Guardado en {path}: {checks} y {pictures}</translation>
        </message>
        <message>
            <source>Pictures left out, because it is not known where all heads are in them: {count}.</source>
            <translation>Fotos excluidas porque no se sabe dónde están todas las cabezas: {count}.</translation>
        </message>
        <message>
            <source>{added} and {pictures} brought back; {duplicates} there already.</source>
            <translation>Recuperado: {added} y {pictures}; ya estaba: {duplicates}.</translation>
        </message>
        <message>
            <source>{names} with {what}</source>
            <translation>{names} con {what}</translation>
        </message>
        <message>
            <source>{what} of {names}</source>
            <translation>{what} de {names}</translation>
        </message>
        <message>
            <source>no checks</source>
            <translation>ninguna medición</translation>
        </message>
        <message numerus="yes">
            <source>{count} notes of exercises, breaks or calibration</source>
            <translation>
                <numerusform>1 anotación de ejercicios, pausas o calibración</numerusform>
                <numerusform>{count} anotaciones de ejercicios, pausas o calibración</numerusform>
            </translation>
        </message>
        <message>
            <source>{first} and {last}</source>
            <translation>{first} y {last}</translation>
        </message>
        <message>
            <source>Nothing was deleted.</source>
            <translation>No se ha eliminado nada.</translation>
        </message>
        <message>
            <source>{count} written to {path}</source>
            <translation>Guardado en {path}: {count}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}.</source>
            <translation>Añadido: {added}; ya estaba: {duplicates}; {profiles}.</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}</source>
            <translation>Ejercicios, pausas, autoevaluaciones, respuestas y calibraciones añadidos: {count}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}, {tests}.</source>
            <translation>Añadido: {added}; ya estaba: {duplicates}; {profiles}, {tests}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.speaking</name>
        <message>
            <source>Some words of this language are missing, so they are in English.</source>
            <translation>Faltan algunas palabras de este idioma, así que están en inglés.</translation>
        </message>
        <message>
            <source>Something is still under way on another page, so the language changes when Beltline is opened again.</source>
            <translation>Todavía hay algo en marcha en otra página, así que el idioma cambiará cuando vuelvas a abrir Beltline.</translation>
        </message>
        <message>
            <source>There is no language '{language}'. Choose one of these: {known}.</source>
            <translation>No existe el idioma «{language}». Elige uno de estos: {known}.</translation>
        </message>
        <message>
            <source>The file of this language is damaged, so everything is in English.</source>
            <translation>El archivo de este idioma está dañado, así que todo está en inglés.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.wording</name>
        <message>
            <source>Jan</source>
            <translation>ene</translation>
        </message>
        <message>
            <source>Feb</source>
            <translation>feb</translation>
        </message>
        <message>
            <source>Mar</source>
            <translation>mar</translation>
        </message>
        <message>
            <source>Apr</source>
            <translation>abr</translation>
        </message>
        <message>
            <source>May</source>
            <translation>may</translation>
        </message>
        <message>
            <source>Jun</source>
            <translation>jun</translation>
        </message>
        <message>
            <source>Jul</source>
            <translation>jul</translation>
        </message>
        <message>
            <source>Aug</source>
            <translation>ago</translation>
        </message>
        <message>
            <source>Sep</source>
            <translation>sep</translation>
        </message>
        <message>
            <source>Oct</source>
            <translation>oct</translation>
        </message>
        <message>
            <source>Nov</source>
            <translation>nov</translation>
        </message>
        <message>
            <source>Dec</source>
            <translation>dic</translation>
        </message>
        <message>
            <source>{day} {month} {year}</source>
            <translation>{day} {month} {year}</translation>
        </message>
        <message>
            <source>{day}, {time}</source>
            <translation>{day}, {time}</translation>
        </message>
    </context>
    <context>
        <name>app.text.live</name>
        <message>
            <source>Step into the picture</source>
            <translation>Entra en la imagen</translation>
        </message>
        <message>
            <source>Please step into the picture, side-on. March five steps on the spot, then stand relaxed, look ahead, and breathe out.</source>
            <translation>Entra en la imagen, de perfil, por favor. Da cinco pasos en el sitio, luego relájate, mira al frente y suelta el aire.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>Solo una persona</translation>
        </message>
        <message>
            <source>Only one person in the picture, please.</source>
            <translation>Solo una persona en la imagen, por favor.</translation>
        </message>
        <message>
            <source>Step back</source>
            <translation>Retrocede</translation>
        </message>
        <message>
            <source>Please step back until your whole body is in the picture.</source>
            <translation>Por favor, retrocede hasta que todo tu cuerpo esté en la imagen.</translation>
        </message>
        <message>
            <source>Come closer</source>
            <translation>Acércate</translation>
        </message>
        <message>
            <source>Please come a little closer to the camera.</source>
            <translation>Por favor, acércate un poco a la cámara.</translation>
        </message>
        <message>
            <source>Choose a higher resolution</source>
            <translation>Elige una resolución más alta</translation>
        </message>
        <message>
            <source>The picture has too few pixels. Please choose a higher resolution.</source>
            <translation>La imagen tiene muy pocos píxeles. Elige una resolución más alta, por favor.</translation>
        </message>
        <message>
            <source>Move to the middle</source>
            <translation>Ponte en el centro</translation>
        </message>
        <message>
            <source>Please move to the middle of the picture.</source>
            <translation>Por favor, ponte en el centro de la imagen.</translation>
        </message>
        <message>
            <source>Straighten your knees</source>
            <translation>Estira las rodillas</translation>
        </message>
        <message>
            <source>Please stand relaxed, with both knees straight.</source>
            <translation>Por favor, quédate de pie sin tensión, con las dos rodillas rectas.</translation>
        </message>
        <message>
            <source>Feet side by side</source>
            <translation>Pies a la par</translation>
        </message>
        <message>
            <source>Please stand with both feet side by side on the floor.</source>
            <translation>Por favor, pon los dos pies a la par en el suelo.</translation>
        </message>
        <message>
            <source>Turn side-on</source>
            <translation>Ponte de perfil</translation>
        </message>
        <message>
            <source>Please turn until one shoulder points at the camera.</source>
            <translation>Por favor, gírate hasta que un hombro apunte a la cámara.</translation>
        </message>
        <message>
            <source>Turn to your left</source>
            <translation>Gírate a tu izquierda</translation>
        </message>
        <message>
            <source>Please turn a little more to your left.</source>
            <translation>Por favor, gírate un poco más a tu izquierda.</translation>
        </message>
        <message>
            <source>Turn to your right</source>
            <translation>Gírate a tu derecha</translation>
        </message>
        <message>
            <source>Please turn a little more to your right.</source>
            <translation>Por favor, gírate un poco más a tu derecha.</translation>
        </message>
        <message>
            <source>Fists to your collar-bones</source>
            <translation>Puños a las clavículas</translation>
        </message>
        <message>
            <source>Please raise your fists to your collar-bones.</source>
            <translation>Por favor, sube los puños a las clavículas.</translation>
        </message>
        <message>
            <source>Set the camera level</source>
            <translation>Endereza la cámara</translation>
        </message>
        <message>
            <source>The camera is tilted. Please set it level.</source>
            <translation>La cámara está torcida. Ponla recta, por favor.</translation>
        </message>
        <message>
            <source>Turn the camera upright</source>
            <translation>Gira la cámara</translation>
        </message>
        <message>
            <source>The picture lies on its side. Please turn the camera upright.</source>
            <translation>La imagen está girada de lado. Por favor, gira la cámara hasta que quede derecha.</translation>
        </message>
        <message>
            <source>More light, please</source>
            <translation>Más luz, por favor</translation>
        </message>
        <message>
            <source>It is too dark. Please turn on more light.</source>
            <translation>Está demasiado oscuro. Pon más luz, por favor.</translation>
        </message>
        <message>
            <source>Keep the camera steady</source>
            <translation>Que no se mueva la cámara</translation>
        </message>
        <message>
            <source>The picture is blurred. Please rest the camera on something firm.</source>
            <translation>La imagen está borrosa. Apoya la cámara en algo firme, por favor.</translation>
        </message>
        <message>
            <source>Stand relaxed and still</source>
            <translation>Relájate y no te muevas</translation>
        </message>
        <message>
            <source>Stand relaxed and still. Look ahead, and breathe out.</source>
            <translation>Relájate y no te muevas. Mira al frente y suelta el aire.</translation>
        </message>
        <message>
            <source>Hold still</source>
            <translation>No te muevas</translation>
        </message>
        <message>
            <source>Hold still.</source>
            <translation>No te muevas.</translation>
        </message>
        <message>
            <source>March five steps</source>
            <translation>Da cinco pasos</translation>
        </message>
        <message>
            <source>Good. Step away, march five steps, and come back. Stand relaxed, look ahead, and breathe out.</source>
            <translation>Bien. Apártate, da cinco pasos y vuelve. Relájate, mira al frente y suelta el aire.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>Relaja</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>Relaja.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks</source>
            <translation>Aprieta los glúteos</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>Aprieta.</translation>
        </message>
        <message>
            <source>Arch: stick your bottom out</source>
            <translation>Saca el trasero</translation>
        </message>
        <message>
            <source>Arch. Stick your bottom out behind you, knees straight, and hold it.</source>
            <translation>Saca el trasero hacia atrás, con las rodillas rectas, y aguanta.</translation>
        </message>
        <message>
            <source>Tuck: pull your bottom under</source>
            <translation>Mete el trasero</translation>
        </message>
        <message>
            <source>Tuck. Pull your bottom under you, knees straight, and hold it.</source>
            <translation>Mete el trasero hacia dentro, con las rodillas rectas, y aguanta.</translation>
        </message>
        <message>
            <source>Relax: stand as usual</source>
            <translation>Relájate: como siempre</translation>
        </message>
        <message>
            <source>Relax. Stand as you usually do.</source>
            <translation>Relájate. Quédate de pie como siempre.</translation>
        </message>
        <message>
            <source>Other way: bottom out</source>
            <translation>Al revés: saca el trasero</translation>
        </message>
        <message>
            <source>That was the wrong way round. Once more: stick your bottom out behind you, and hold it.</source>
            <translation>Era al revés. Otra vez: saca el trasero hacia atrás y aguanta.</translation>
        </message>
        <message>
            <source>Further: stick your bottom out</source>
            <translation>Más: saca el trasero</translation>
        </message>
        <message>
            <source>The pelvis hardly moved. Once more: stick your bottom out as far as is comfortable, and hold it.</source>
            <translation>La pelvis apenas se movió. Otra vez: saca el trasero hasta donde te resulte cómodo y aguanta.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminado</translation>
        </message>
        <message>
            <source>Done. Thank you.</source>
            <translation>Terminado. Gracias.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>La imagen está en negro</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>La imagen de la cámara está en negro. ¿Hay algo delante?</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>La imagen se ha congelado</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>La imagen de la cámara ya no se mueve.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>Sin imagen</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>La cámara no envía imágenes. Espera, por favor.</translation>
        </message>
        <message>
            <source>Good, stay still</source>
            <translation>Bien, quédate así</translation>
        </message>
        <message>
            <source>Good. Stay still.</source>
            <translation>Bien. Quédate así.</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>Buscándote</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>Todavía no</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>Todo listo</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Midiendo</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>Medido</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>Esperando a la cámara</translation>
        </message>
        <message>
            <source>This computer has no safe place for the password, so the camera will ask for it again next time.</source>
            <translation>Este equipo no tiene un lugar seguro para la contraseña, así que la cámara la pedirá otra vez la próxima vez.</translation>
        </message>
        <message>
            <source>Measure without touching the computer</source>
            <translation>Medir sin tocar el equipo</translation>
        </message>
        <message>
            <source>Put the camera at the height of your belt, level, 2.5 to 3.5 metres from where you will stand.</source>
            <translation>Pon la cámara recta, a la altura de tu cinturón y a una distancia de 2,5 a 3,5 metros de donde te vas a colocar.</translation>
        </message>
        <message>
            <source>Wear something that fits closely. Stand side-on with your whole body in the picture and your fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>Lleva ropa ajustada. Ponte de perfil, con todo el cuerpo en la imagen y los puños sobre las clavículas. Da cinco pasos en el sitio, relájate, mira al frente y suelta el aire.</translation>
        </message>
        <message>
            <source>Large words and a voice tell you what to do. Beltline measures when you stand still. Raise one arm high, or press any key, to stop.</source>
            <translation>Unas palabras grandes y una voz te dicen qué hacer. Beltline mide cuando no te mueves. Para detenerlo, levanta bien alto un brazo o pulsa cualquier tecla.</translation>
        </message>
        <message>
            <source>The camera is on only while this page is open. Its pictures stay on this computer.</source>
            <translation>La cámara solo está encendida mientras esta página está abierta. Sus imágenes se quedan en este equipo.</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>Buscando la cámara…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>Abriendo la cámara…</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>En pausa. La cámara está apagada.</translation>
        </message>
        <message>
            <source>You were on another page, so the camera was switched off.</source>
            <translation>Estabas en otra página, así que la cámara se ha apagado.</translation>
        </message>
        <message>
            <source>The screen was locked, so the camera was switched off.</source>
            <translation>La pantalla se bloqueó, así que la cámara se ha apagado.</translation>
        </message>
        <message>
            <source>Stopped. Nothing was measured, and the camera is off.</source>
            <translation>Detenido. No se ha medido nada y la cámara está apagada.</translation>
        </message>
        <message>
            <source>Stopped before the test was complete. The camera is off.</source>
            <translation>Detenido antes de completar la prueba. La cámara está apagada.</translation>
        </message>
        <message>
            <source>Measured so far: {taken} of {wanted}. Keep it as a check?</source>
            <translation>Medido hasta ahora: {taken} de {wanted}. ¿Guardarlo como medición?</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures.</source>
            <translation>El propio Beltline ha fallado con las imágenes de la cámara.</translation>
        </message>
        <message>
            <source>Try again, and please report what happened.</source>
            <translation>Inténtalo otra vez e informa de lo que ha pasado, por favor.</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuar</translation>
        </message>
        <message>
            <source>Start again</source>
            <translation>Empezar de nuevo</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Guardando…</translation>
        </message>
        <message>
            <source>Saved to the history.</source>
            <translation>Guardado en el historial.</translation>
        </message>
        <message>
            <source>Deleted this check.</source>
            <translation>Medición eliminada.</translation>
        </message>
        <message>
            <source>Deleted this test.</source>
            <translation>Prueba eliminada.</translation>
        </message>
        <message>
            <source>Nothing was saved.</source>
            <translation>No se ha guardado nada.</translation>
        </message>
        <message>
            <source>Not kept.</source>
            <translation>No guardado.</translation>
        </message>
        <message>
            <source>This could not be saved.</source>
            <translation>No se ha podido guardar.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>Inténtalo otra vez; si vuelve a fallar, cierra Beltline y ábrelo de nuevo.</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>Inclinación estimada de la pelvis</translation>
        </message>
        <message>
            <source>{taken} of {wanted}</source>
            <translation>{taken} de {wanted}</translation>
        </message>
        <message>
            <source>The middle of {count} measurements, {range} apart: {angles}.</source>
            <translation>El valor central de {count} mediciones, con una separación de {range}: {angles}.</translation>
        </message>
        <message>
            <source>The middle of {frames} pictures.</source>
            <translation>El valor central de {frames} imágenes.</translation>
        </message>
        <message numerus="yes">
            <source>{count} degrees</source>
            <translation>
                <numerusform>{count} grado</numerusform>
                <numerusform>{count} grados</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Measure {count} times</source>
            <translation>
                <numerusform>Medir una vez</numerusform>
                <numerusform>Medir {count} veces</numerusform>
            </translation>
        </message>
        <message>
            <source>under 1°</source>
            <translation>menos de 1°</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>Una a una: {angles}.</translation>
        </message>
        <message>
            <source>No number this time</source>
            <translation>Esta vez no hay número</translation>
        </message>
        <message>
            <source>Done. About {value}, {likely}. You can relax.</source>
            <translation>Terminado. Alrededor de {value}, {likely}. Puedes relajarte.</translation>
        </message>
        <message>
            <source>Done. {turned}. You can relax.</source>
            <translation>Terminado. {turned}. Puedes relajarte.</translation>
        </message>
        <message>
            <source>Done. The measurements differ too much to give one number. Please try again.</source>
            <translation>Terminado. Las mediciones difieren demasiado para dar un solo número. Inténtalo otra vez, por favor.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Detenido.</translation>
        </message>
        <message>
            <source>Stopped. Measured so far: {taken}.</source>
            <translation>Detenido. Medido hasta ahora: {taken}.</translation>
        </message>
        <message>
            <source>Your whole body in the frame, your hips at its two marks.</source>
            <translation>Todo el cuerpo en el recuadro, con las caderas en sus dos marcas.</translation>
        </message>
        <message>
            <source>Earlier squeeze tests:</source>
            <translation>Pruebas de glúteos anteriores:</translation>
        </message>
        <message>
            <source>This computer has no voice. Beltline plays tones instead.</source>
            <translation>Este equipo no tiene voz. Beltline usa tonos en su lugar.</translation>
        </message>
        <message>
            <source>The camera is level.</source>
            <translation>La cámara está recta.</translation>
        </message>
        <message>
            <source>The camera is turned {roll}° {side}. The number allows for that.</source>
            <translation>La cámara está girada {roll}° {side}. El número ya lo tiene en cuenta.</translation>
        </message>
        <message>
            <source>No upright edges seen, so the camera is taken to be level.</source>
            <translation>No se ven bordes verticales, así que se supone que la cámara está recta.</translation>
        </message>
        <message>
            <source>Whether the camera is level shows once you are in the picture.</source>
            <translation>Cuando estés en la imagen se sabrá si la cámara está recta.</translation>
        </message>
        <message>
            <source>clockwise</source>
            <translation>en sentido horario</translation>
        </message>
        <message>
            <source>anticlockwise</source>
            <translation>en sentido antihorario</translation>
        </message>
        <message>
            <source>At belt height, 2.5 to 3.5 metres away.</source>
            <translation>A la altura del cinturón, a una distancia de 2,5 a 3,5 metros.</translation>
        </message>
        <message>
            <source>Light from the front or the side.</source>
            <translation>Luz de frente o de lado.</translation>
        </message>
    </context>
    <context>
        <name>app.text.measurement</name>
        <message>
            <source>from the outline of the body</source>
            <translation>a partir del contorno del cuerpo</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>a partir del contorno del cuerpo, con la calibración propia de esta persona</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>a partir de los dos puntos óseos marcados</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>a partir de las dos pegatinas</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>a partir de la línea del cinturón</translation>
        </message>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>Beltline es una autoevaluación de bienestar. No es un dispositivo médico: para un diagnóstico, acude a un fisioterapeuta.</translation>
        </message>
        <message>
            <source>The likely range was checked on computer-made bodies, which does not prove it for people.</source>
            <translation>El intervalo probable se comprobó con cuerpos virtuales; eso no lo demuestra en personas.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photograph shows the shape of the bones; changes show much more clearly, and calibrating once narrows it.</source>
            <translation>El intervalo probable es amplio porque ninguna foto muestra la forma de los huesos; los cambios se ven con mucha más claridad, y calibrar una vez lo estrecha.</translation>
        </message>
        <message>
            <source>Measured {method}.</source>
            <translation>Medido {method}.</translation>
        </message>
        <message>
            <source>up to {angle}°</source>
            <translation>hasta {angle}°</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>menos de 1°</translation>
        </message>
        <message>
            <source>Also, {method}: {found}.</source>
            <translation>Además, {method}: {found}.</translation>
        </message>
        <message>
            <source>The two ways can differ, so compare each only with its own earlier results.</source>
            <translation>Las dos formas pueden diferir, así que compara cada una solo con sus propios resultados anteriores.</translation>
        </message>
        <message>
            <source>Belt line lower in front by {angle}° (likely {interval})</source>
            <translation>Línea del cinturón {angle}° más baja por delante (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Belt line higher in front by {angle}° (likely {interval})</source>
            <translation>Línea del cinturón {angle}° más alta por delante (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Belt line level (likely {interval})</source>
            <translation>Línea del cinturón horizontal (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Clothes and belly shift the belt line too, so compare it only in the same clothes.</source>
            <translation>La ropa y la barriga también desplazan la línea del cinturón, así que compárala solo con la misma ropa.</translation>
        </message>
        <message>
            <source>The belt line cannot be seen:</source>
            <translation>No se ve la línea del cinturón:</translation>
        </message>
        <message>
            <source>the outline around the waist is unclear.</source>
            <translation>el contorno de la cintura no está claro.</translation>
        </message>
        <message>
            <source>an arm is in front of it.</source>
            <translation>hay un brazo delante.</translation>
        </message>
        <message>
            <source>the clothes are of one colour from top to bottom.</source>
            <translation>la ropa es de un solo color de arriba abajo.</translation>
        </message>
        <message>
            <source>the pattern of the clothes hides it.</source>
            <translation>el estampado de la ropa la oculta.</translation>
        </message>
        <message>
            <source>the top hangs over it.</source>
            <translation>la prenda de arriba cae por encima.</translation>
        </message>
        <message>
            <source>what shows may just as well be the lower edge of the top.</source>
            <translation>lo que se ve también puede ser el borde inferior de la prenda de arriba.</translation>
        </message>
        <message>
            <source>Estimated {direction} tilt {angle}° (likely {interval})</source>
            <translation>Inclinación estimada de {angle}° {direction} (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Estimated tilt 0°, level (likely {interval})</source>
            <translation>Inclinación estimada de 0°, horizontal (probablemente de {interval})</translation>
        </message>
        <message>
            <source>No number: this photograph cannot be measured.</source>
            <translation>Sin número: esta foto no se puede medir.</translation>
        </message>
        <message>
            <source>No number: nothing could be measured.</source>
            <translation>Sin número: no se ha podido medir nada.</translation>
        </message>
        <message>
            <source>The rest of the body (not part of the tilt):</source>
            <translation>El resto del cuerpo (no forma parte de la inclinación):</translation>
        </message>
        <message>
            <source>Upper body</source>
            <translation>Tronco</translation>
        </message>
        <message>
            <source>Hips</source>
            <translation>Caderas</translation>
        </message>
        <message>
            <source>Knees</source>
            <translation>Rodillas</translation>
        </message>
        <message>
            <source>Head</source>
            <translation>Cabeza</translation>
        </message>
        <message>
            <source>not visible</source>
            <translation>no visible</translation>
        </message>
        <message>
            <source>leaning forward {value}°</source>
            <translation>inclinado {value}° hacia delante</translation>
        </message>
        <message>
            <source>leaning back {value}°</source>
            <translation>inclinado {value}° hacia atrás</translation>
        </message>
        <message>
            <source>upright</source>
            <translation>erguido</translation>
        </message>
        <message>
            <source>ahead of the ankles, by {value} % of the leg's length</source>
            <translation>por delante de los tobillos, un {value} % de la longitud de la pierna</translation>
        </message>
        <message>
            <source>behind the ankles, by {value} % of the leg's length</source>
            <translation>por detrás de los tobillos, un {value} % de la longitud de la pierna</translation>
        </message>
        <message>
            <source>right above the ankles</source>
            <translation>justo encima de los tobillos</translation>
        </message>
        <message>
            <source>{value}° (straight)</source>
            <translation>{value}° (rectas)</translation>
        </message>
        <message>
            <source>{value}° (bent)</source>
            <translation>{value}° (dobladas)</translation>
        </message>
        <message>
            <source>{value}° (pushed back beyond straight)</source>
            <translation>{value}° (estiradas de más)</translation>
        </message>
        <message>
            <source>{value}° ahead of the shoulders</source>
            <translation>{value}° por delante de los hombros</translation>
        </message>
        <message>
            <source>{value}° behind the shoulders</source>
            <translation>{value}° por detrás de los hombros</translation>
        </message>
        <message>
            <source>right above the shoulders</source>
            <translation>justo encima de los hombros</translation>
        </message>
        <message>
            <source>The hips are ahead of the ankles while the upper body leans back. This way of standing is called sway-back; it is told apart from the tilt because it can look like less of it.</source>
            <translation>Las caderas están por delante de los tobillos mientras el tronco se inclina hacia atrás. Esta forma de estar de pie se llama «sway-back»; se distingue de la inclinación porque puede hacer que parezca menor.</translation>
        </message>
        <message>
            <source>Kept in the history as check {number}.</source>
            <translation>Guardado en el historial como medición {number}.</translation>
        </message>
        <message>
            <source>Picture with the measurement drawn on it: {path}</source>
            <translation>Foto con la medición dibujada: {path}</translation>
        </message>
        <message>
            <source>All together, as repeats of one stance</source>
            <translation>Todas juntas, como repeticiones de una misma postura</translation>
        </message>
        <message>
            <source>The middle of {count} photographs{left_out}, measured {method}. Their angles lie {range} apart, with a spread of {spread} (standard deviation).</source>
            <translation>El valor central de {count} fotos{left_out}, medidas {method}. Entre sus ángulos hay una separación de {range}, con una dispersión de {spread} (desviación estándar).</translation>
        </message>
        <message>
            <source> (of {given} that were given)</source>
            <translation> (de {given} que se dieron)</translation>
        </message>
        <message>
            <source>The likely range does not become much narrower than that of one photograph: measuring can misjudge the same body in the same direction each time, and more pictures do not cure that.</source>
            <translation>El intervalo probable no se estrecha mucho respecto al de una sola foto: la medición puede equivocarse cada vez en la misma dirección con el mismo cuerpo, y eso no lo arreglan más fotos.</translation>
        </message>
        <message>
            <source>No number for these photographs together.</source>
            <translation>Sin número para estas fotos en conjunto.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further forward than the middle. If something was different in it, take it again.</source>
            <translation>{source} se aparta del resto: {off}° más hacia delante que el valor central. Si algo era distinto en ella, repítela.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further backward than the middle. If something was different in it, take it again.</source>
            <translation>{source} se aparta del resto: {off}° más hacia atrás que el valor central. Si algo era distinto en ella, repítela.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much your own photographs differ, and from how much a standing pelvis differs from day to day.</source>
            <translation>Cambio mínimo que cuenta: {change}°. Entre dos series así, hechas de la misma forma, menos no es un cambio real. Depende de cuánto difieren tus propias fotos y de cuánto varía de un día a otro la pelvis de pie.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much measuring the same body twice differs, and from how much a standing pelvis differs from day to day. With {enough} photographs or more it is worked out from your own.</source>
            <translation>Cambio mínimo que cuenta: {change}°. Entre dos series así, hechas de la misma forma, menos no es un cambio real. Depende de cuánto difiere medir dos veces el mismo cuerpo y de cuánto varía de un día a otro la pelvis de pie. Con {enough} fotos o más se calcula a partir de las tuyas.</translation>
        </message>
        <message>
            <source>Forward tilt means that the front of the pelvis, the bowl of bone between the hips, sits lower than the back.</source>
            <translation>Inclinación hacia delante significa que la parte delantera de la pelvis, el cuenco de hueso entre las caderas, queda más baja que la de atrás.</translation>
        </message>
        <message>
            <source>Most people without pain stand tilted forward, usually by about 3 to 20°, so one number does not tell good from bad.</source>
            <translation>La mayoría de las personas sin dolor tienen la pelvis inclinada hacia delante, normalmente entre unos 3 y 20°, así que un solo número no distingue lo bueno de lo malo.</translation>
        </message>
        <message>
            <source>Compare it with your own earlier pictures, taken the same way and measured the same way; two single pictures less than {smallest}° apart show no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>Compáralo con tus propias fotos anteriores, hechas y medidas de la misma forma; dos fotos sueltas separadas por menos de {smallest}° no muestran un cambio real: esa diferencia puede deberse solo a medir dos veces y a que la postura varía de un día a otro.</translation>
        </message>
        <message>
            <source>Upright lines in the room show that the camera was turned by {roll}°; that is taken out.</source>
            <translation>Las líneas verticales de la habitación muestran que la cámara estaba girada {roll}°; ya está descontado.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. If a door frame or the edge of a wall is in the picture, give two points on it with --vertical X1 Y1 X2 Y2.</source>
            <translation>Si la cámara estaba torcida, el ángulo se equivoca en la misma medida. Si en la foto hay un marco de puerta o el borde de una pared, indica dos puntos sobre él con --vertical X1 Y1 X2 Y2.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>El propio Beltline ha fallado con esta foto.</translation>
        </message>
        <message>
            <source>Please report it together with the text on standard error.</source>
            <translation>Informa de ello, por favor, junto con el texto de la salida de error.</translation>
        </message>
        <message>
            <source>Beltline itself failed to draw the overlay.</source>
            <translation>El propio Beltline ha fallado al dibujar la medición.</translation>
        </message>
        <message>
            <source>Beltline itself failed to read the calibration, so none was used.</source>
            <translation>El propio Beltline ha fallado al leer la calibración, así que no se ha usado ninguna.</translation>
        </message>
        <message>
            <source>Beltline itself failed to keep it in the history.</source>
            <translation>El propio Beltline ha fallado al guardarlo en el historial.</translation>
        </message>
    </context>
    <context>
        <name>app.text.people</name>
        <message>
            <source>ID {number}</source>
            <translation>ID {number}</translation>
        </message>
        <message>
            <source>born {year}</source>
            <translation>nacimiento: {year}</translation>
        </message>
        <message>
            <source>last seen {day}</source>
            <translation>última visita: {day}</translation>
        </message>
        <message>
            <source>not seen yet</source>
            <translation>aún sin visitas</translation>
        </message>
        <message>
            <source>next check {day}</source>
            <translation>próxima medición: {day}</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>pendiente desde el {day}</translation>
        </message>
        <message>
            <source>Nobody fits.</source>
            <translation>Nadie coincide.</translation>
        </message>
        <message>
            <source>{name}: the next check was planned for {day}.</source>
            <translation>{name}: la próxima medición estaba prevista para el {day}.</translation>
        </message>
        <message numerus="yes">
            <source>{count} more people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>A otra persona le toca una medición. Está en la lista de Ajustes.</numerusform>
                <numerusform>A otras {count} personas les toca una medición. Están en la lista de Ajustes.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>A una persona le toca una medición. Está en la lista de Ajustes.</numerusform>
                <numerusform>A {count} personas les toca una medición. Están en la lista de Ajustes.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {count} weeks</source>
            <translation>
                <numerusform>Dentro de 1 semana</numerusform>
                <numerusform>Dentro de {count} semanas</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.range_test</name>
        <message>
            <source>Range test</source>
            <translation>Prueba de movilidad</translation>
        </message>
        <message>
            <source>Range tests</source>
            <translation>Pruebas de movilidad</translation>
        </message>
        <message>
            <source>Result of the range test</source>
            <translation>Resultado de la prueba de movilidad</translation>
        </message>
        <message>
            <source>Earlier range tests:</source>
            <translation>Pruebas de movilidad anteriores:</translation>
        </message>
        <message>
            <source>Tucked</source>
            <translation>Metido</translation>
        </message>
        <message>
            <source>Relaxed</source>
            <translation>Relajado</translation>
        </message>
        <message>
            <source>Arched</source>
            <translation>Sacado</translation>
        </message>
        <message>
            <source>Your bottom tucked under, as far as is comfortable.</source>
            <translation>El trasero metido hacia dentro, hasta donde te resulte cómodo.</translation>
        </message>
        <message>
            <source>Standing as you usually do.</source>
            <translation>De pie, como siempre.</translation>
        </message>
        <message>
            <source>Your bottom stuck out, as far as is comfortable.</source>
            <translation>El trasero sacado hacia atrás, hasta donde te resulte cómodo.</translation>
        </message>
        <message>
            <source>Your pelvis can turn by {range}° (likely {low} to {high}°)</source>
            <translation>Tu pelvis puede moverse {range}° (probablemente de {low} a {high}°)</translation>
        </message>
        <message>
            <source>Standing relaxed, it is {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>En postura relajada está al {place} % del recorrido de «metido» a «sacado» (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further back than when you tucked: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>En postura relajada estaba aún más inclinada hacia atrás que con el trasero metido: al {place} % del recorrido de «metido» a «sacado» (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further forward than when you arched: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>En postura relajada estaba aún más inclinada hacia delante que con el trasero sacado: al {place} % del recorrido de «metido» a «sacado» (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Tucked: {tucked}. Relaxed: {relaxed}. Arched: {arched}.</source>
            <translation>Metido: {tucked}. Relajado: {relaxed}. Sacado: {arched}.</translation>
        </message>
        <message>
            <source>Middle of {count} rounds.</source>
            <translation>Valor central de {count} rondas.</translation>
        </message>
        <message>
            <source>0 % is as far tucked as you went, 100 % as far arched. Both numbers are surer than one angle by itself: the shape of your bones, which no camera sees, does not change them.</source>
            <translation>0 % es lo máximo que metiste el trasero y 100 %, lo máximo que lo sacaste. Los dos números son más seguros que un ángulo suelto: no los cambia la forma de tus huesos, que ninguna cámara ve.</translation>
        </message>
        <message>
            <source>No place is the right one, and this is no test of strength or health. Compare it with your own later tests, in similar clothes. If something troubles you, ask a physiotherapist.</source>
            <translation>No hay un punto correcto, y esto no es una prueba de fuerza ni de salud. Compáralo con tus propias pruebas posteriores, con ropa parecida. Si algo te preocupa, consulta a un fisioterapeuta.</translation>
        </message>
        <message>
            <source>How far you could turn your pelvis, and where you stood in between: 0 % is as far tucked as you went, 100 % as far arched. No place is the right one.</source>
            <translation>Cuánto pudiste mover la pelvis y en qué punto intermedio la llevabas de pie: 0 % es lo máximo que metiste el trasero y 100 %, lo máximo que lo sacaste. No hay un punto correcto.</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high}), relaxed at {place} % ({interval})</source>
            <translation>{range}° (de {low} a {high}), relajado al {place} % (de {interval})</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high})</source>
            <translation>{range}° (de {low} a {high})</translation>
        </message>
        <message>
            <source>{place} % ({interval})</source>
            <translation>{place} % ({interval})</translation>
        </message>
        <message>
            <source>Done. Your pelvis can turn by {range} degrees. Relaxed, it is at {place} per cent.</source>
            <translation>Terminado. Tu pelvis puede moverse {range} grados. Relajada, está al {place} por ciento.</translation>
        </message>
        <message>
            <source>Done. {message} {fix}</source>
            <translation>Terminado. {message} {fix}</translation>
        </message>
        <message>
            <source>No range this time</source>
            <translation>Esta vez no hay resultado</translation>
        </message>
        <message>
            <source>Newest, {when}: {brief}</source>
            <translation>La más reciente, {when}: {brief}</translation>
        </message>
        <message>
            <source>Range tests ({count})</source>
            <translation>Pruebas de movilidad ({count})</translation>
        </message>
        <message>
            <source>{low} to {high} %</source>
            <translation>{low} a {high} %</translation>
        </message>
        <message numerus="yes">
            <source>{count} range tests</source>
            <translation>
                <numerusform>1 prueba de movilidad</numerusform>
                <numerusform>{count} pruebas de movilidad</numerusform>
            </translation>
        </message>
        <message>
            <source>Newest range test, {when}: the pelvis turned by {range}° (likely {low} to {high}°) between tucked and arched; relaxed standing lay at {place} % of the way (likely {interval}). The person's own range: the shape of the bones drops out of it. {change}</source>
            <translation>Prueba de movilidad más reciente, {when}: la pelvis se movió {range}° (probablemente de {low} a {high}°) entre metido y sacado; la postura relajada quedó al {place} % del recorrido (probablemente de {interval}). Es la movilidad propia de la persona: en ella no interviene la forma de los huesos. {change}</translation>
        </message>
        <message>
            <source>Range test {number}: {brief}, {source}</source>
            <translation>Prueba de movilidad {number}: {brief}, {source}</translation>
        </message>
        <message>
            <source>{profile}, range tests measured {method}: {count}</source>
            <translation>{profile}, pruebas de movilidad con medición {method}: {count}</translation>
        </message>
        <message>
            <source>in front of a camera</source>
            <translation>ante una cámara</translation>
        </message>
        <message>
            <source>from photographs</source>
            <translation>a partir de fotos</translation>
        </message>
        <message>
            <source>Since the first one measured this way, {when}: {range} {place}</source>
            <translation>Desde la primera medida así, {when}: {range} {place}</translation>
        </message>
        <message>
            <source>The range is {size}° wider.</source>
            <translation>La movilidad es {size}° mayor.</translation>
        </message>
        <message>
            <source>The range is {size}° narrower.</source>
            <translation>La movilidad es {size}° menor.</translation>
        </message>
        <message>
            <source>No real change of the range (under {least}°).</source>
            <translation>Sin cambio real en la movilidad (menos de {least}°).</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards arched.</source>
            <translation>La postura relajada se ha acercado un {size} % a «sacado».</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards tucked.</source>
            <translation>La postura relajada se ha acercado un {size} % a «metido».</translation>
        </message>
        <message>
            <source>No real change of the place in it (under {least} %).</source>
            <translation>Sin cambio real en el punto intermedio (menos del {least} %).</translation>
        </message>
        <message>
            <source>From three photographs</source>
            <translation>A partir de tres fotos</translation>
        </message>
        <message>
            <source>Choose one side-on picture of each position: same day, same clothes, fists on your collar-bones, camera level at belt height.</source>
            <translation>Elige una foto de perfil de cada posición: el mismo día, la misma ropa, los puños sobre las clavículas y la cámara recta a la altura del cinturón.</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Elegir…</translation>
        </message>
        <message>
            <source>no picture yet</source>
            <translation>aún sin foto</translation>
        </message>
        <message>
            <source>Work it out</source>
            <translation>Calcular</translation>
        </message>
        <message>
            <source>Measuring the three pictures…</source>
            <translation>Midiendo las tres fotos…</translation>
        </message>
        <message>
            <source>Beltline itself failed on these pictures. Please report what happened.</source>
            <translation>El propio Beltline ha fallado con estas fotos. Informa de lo que ha pasado, por favor.</translation>
        </message>
        <message>
            <source>Kept in the history as range test {number}.</source>
            <translation>Guardado en el historial como prueba de movilidad {number}.</translation>
        </message>
        <message>
            <source>Where you stand relaxed between tucked and arched</source>
            <translation>Dónde estás en postura relajada, entre metido y sacado</translation>
        </message>
    </context>
    <context>
        <name>app.text.report</name>
        <message>
            <source>Forward tilt of the pelvis, seen from the side</source>
            <translation>Inclinación de la pelvis hacia delante, vista de perfil</translation>
        </message>
        <message>
            <source>Angle of the belt line, seen from the side</source>
            <translation>Ángulo de la línea del cinturón, visto de perfil</translation>
        </message>
        <message>
            <source>{title}: {name}</source>
            <translation>{title}: {name}</translation>
        </message>
        <message>
            <source>One check, of {day}</source>
            <translation>Una medición, del {day}</translation>
        </message>
        <message>
            <source>{count} checks, all of {day}</source>
            <translation>{count} mediciones, todas del {day}</translation>
        </message>
        <message>
            <source>{count} checks, {first} to {last}</source>
            <translation>{count} mediciones, del {first} al {last}</translation>
        </message>
        <message>
            <source>{count} checks, up to {last}</source>
            <translation>{count} mediciones, hasta el {last}</translation>
        </message>
        <message>
            <source>ID {number}</source>
            <translation>ID {number}</translation>
        </message>
        <message>
            <source>born {year}</source>
            <translation>nacimiento: {year}</translation>
        </message>
        <message>
            <source>Newest check, {when}</source>
            <translation>Medición más reciente, {when}</translation>
        </message>
        <message>
            <source>{when}: {angle}, {method}</source>
            <translation>{when}: {angle}, {method}</translation>
        </message>
        <message>
            <source>Only the numbers of the newest check were kept, so there is no picture of it.</source>
            <translation>De la medición más reciente solo se guardaron los números, así que no hay foto.</translation>
        </message>
        <message>
            <source>The picture of the newest check is no longer where it was kept.</source>
            <translation>La foto de la medición más reciente ya no está donde se guardó.</translation>
        </message>
        <message>
            <source>The picture of the newest check is damaged and cannot be shown.</source>
            <translation>La foto de la medición más reciente está dañada y no se puede mostrar.</translation>
        </message>
        <message>
            <source>The head could not be found in the picture of the newest check, so the picture is left out.</source>
            <translation>No se ha encontrado la cabeza en la foto de la medición más reciente, así que la foto se omite.</translation>
        </message>
        <message>
            <source>From {earlier} to {newest}: {change}</source>
            <translation>Del {earlier} al {newest}: {change}</translation>
        </message>
        <message>
            <source>Angle over time, {method}</source>
            <translation>Ángulo a lo largo del tiempo, {method}</translation>
        </message>
        <message>
            <source>degrees, forward above 0</source>
            <translation>grados; hacia delante, sobre 0</translation>
        </message>
        <message>
            <source>degrees, front lower above 0</source>
            <translation>grados; más baja por delante, sobre 0</translation>
        </message>
        <message>
            <source>Each point is a check; its bar shows how far the next may differ by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>Cada punto es una medición; su barra muestra cuánto puede diferir la siguiente por azar. El intervalo probable de un solo ángulo es más amplio: incluye la forma de los huesos, que no cambia.</translation>
        </message>
        <message>
            <source>There are {count} checks: each point is the middle of about {each} in a row; its bar shows how far one check may differ from the next by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>Hay {count} mediciones: cada punto es el valor central de unas {each} seguidas; su barra muestra cuánto puede diferir una medición de la siguiente por azar. El intervalo probable de un solo ángulo es más amplio: incluye la forma de los huesos, que no cambia.</translation>
        </message>
        <message>
            <source>Shaded: 3 to 20° (middle 11°, dashed), the range in which most people without pain stand.</source>
            <translation>Sombreado: de 3 a 20° (centro 11°, a trazos), el intervalo en el que está la mayoría de las personas sin dolor.</translation>
        </message>
        <message>
            <source>There is no usual range for a belt line: the cut of the clothes shifts it.</source>
            <translation>Una línea del cinturón no tiene rango habitual: el corte de la ropa la desplaza.</translation>
        </message>
        <message>
            <source>None of the checks was measured {method}, so there is no line over time.</source>
            <translation>Ninguna medición se hizo {method}, así que no hay línea en el tiempo.</translation>
        </message>
        <message>
            <source>Checks, newest first</source>
            <translation>Mediciones, primero las más recientes</translation>
        </message>
        <message>
            <source>The newest {shown} of {total} checks</source>
            <translation>Las {shown} mediciones más recientes de {total}</translation>
        </message>
        <message numerus="yes">
            <source>{count} older checks are not listed here.</source>
            <translation>
                <numerusform>Una medición más antigua no aparece en esta lista.</numerusform>
                <numerusform>{count} mediciones más antiguas no aparecen en esta lista.</numerusform>
            </translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Fecha</translation>
        </message>
        <message>
            <source>Angle (likely range)</source>
            <translation>Ángulo (intervalo probable)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>Método</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Ropa</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Brazos</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>front {angle}° lower ({interval})</source>
            <translation>{angle}° más baja por delante ({interval})</translation>
        </message>
        <message>
            <source>front {angle}° higher ({interval})</source>
            <translation>{angle}° más alta por delante ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0°, horizontal ({interval})</translation>
        </message>
        <message>
            <source>body outline</source>
            <translation>contorno del cuerpo</translation>
        </message>
        <message>
            <source>calibrated outline</source>
            <translation>contorno calibrado</translation>
        </message>
        <message>
            <source>marked points</source>
            <translation>puntos marcados</translation>
        </message>
        <message>
            <source>stickers</source>
            <translation>pegatinas</translation>
        </message>
        <message>
            <source>belt line</source>
            <translation>línea del cinturón</translation>
        </message>
        <message>
            <source>The rest of the body</source>
            <translation>El resto del cuerpo</translation>
        </message>
        <message>
            <source>From the check of {day}. These numbers are not part of the tilt.</source>
            <translation>De la medición del {day}. Estos números no forman parte de la inclinación.</translation>
        </message>
        <message>
            <source>How the pictures were taken</source>
            <translation>Cómo se hicieron las fotos</translation>
        </message>
        <message>
            <source>How the picture was taken</source>
            <translation>Cómo se hizo la foto</translation>
        </message>
        <message>
            <source>Side-on</source>
            <translation>De perfil</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Cámara</translation>
        </message>
        <message>
            <source>Points</source>
            <translation>Puntos</translation>
        </message>
        <message>
            <source>Noticed</source>
            <translation>Observado</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>sin indicar</translation>
        </message>
        <message>
            <source>off by about {yaw}°</source>
            <translation>desviación de unos {yaw}°</translation>
        </message>
        <message>
            <source>assumed to be level</source>
            <translation>se supone recta</translation>
        </message>
        <message>
            <source>level, by a plumb line that a person marked</source>
            <translation>recta, según una plomada marcada por una persona</translation>
        </message>
        <message>
            <source>level, by upright lines in the room</source>
            <translation>recta, según las líneas verticales de la habitación</translation>
        </message>
        <message>
            <source>turned by {roll}°, by a plumb line that a person marked; taken out</source>
            <translation>girada {roll}°, según una plomada marcada por una persona; ya descontado</translation>
        </message>
        <message>
            <source>turned by {roll}°, by upright lines in the room; taken out</source>
            <translation>girada {roll}°, según las líneas verticales de la habitación; ya descontado</translation>
        </message>
        <message>
            <source>placed by a person</source>
            <translation>colocados por una persona</translation>
        </message>
        <message>
            <source>suggested by the program, then moved by a person</source>
            <translation>propuestos por el programa y luego movidos por una persona</translation>
        </message>
        <message>
            <source>suggested by the program, left in place by a person</source>
            <translation>propuestos por el programa y dejados en su sitio por una persona</translation>
        </message>
        <message>
            <source>nothing that would widen the range</source>
            <translation>nada que amplíe el intervalo</translation>
        </message>
        <message>
            <source>How far this can be trusted</source>
            <translation>Hasta qué punto es fiable</translation>
        </message>
        <message>
            <source>Every angle is an estimate with a likely range, meant to hold the true angle in 9 of 10 cases. Compare angles only if method, clothes and arms were the same.</source>
            <translation>Cada ángulo es una estimación con un intervalo probable, pensado para incluir el ángulo verdadero en 9 de cada 10 casos. Compara ángulos solo si coinciden el método, la ropa y la posición de los brazos.</translation>
        </message>
        <message>
            <source>Pelvic tilt here is the angle between the line from PSIS (the dimple at the back) to ASIS (the bony point at the front) and the horizontal, seen from the side; forward means ASIS lower. It is not the pelvic tilt of X-ray pictures.</source>
            <translation>Aquí, la inclinación de la pelvis es el ángulo entre la línea de la EIPS (el hoyuelo de atrás) a la EIAS (el punto óseo delantero) y la horizontal, vista de perfil; hacia delante (anteversión) significa que la EIAS está más baja. No es la inclinación pélvica (pelvic tilt, PT) de las radiografías.</translation>
        </message>
        <message>
            <source>The likely range of one angle holds what no picture shows of the bones (SD 4.5°); a change leaves that out. What counts as a change follows from how one body reads twice (SD 2.7°, computer-made bodies) and stands from day to day (SD 1.6°), or from a person's own series of five. By hand with an inclinometer the standard error is about 1° by one examiner (Herrington 2011) and up to 3.6° over clothes (Hagins).</source>
            <translation>El intervalo probable de un solo ángulo incluye lo que ninguna foto muestra de los huesos (DE 4,5°); en un cambio eso no interviene. Lo que cuenta como cambio depende de cómo se lee dos veces un mismo cuerpo (DE 2,7°, cuerpos virtuales) y de cómo se está de pie de un día a otro (DE 1,6°), o de una serie de cinco de la propia persona. A mano, con un inclinómetro, el error estándar es de alrededor de 1° con un solo examinador (Herrington 2011) y de hasta 3,6° sobre la ropa (Hagins).</translation>
        </message>
        <message>
            <source>Measured from the body outline, the range was checked on computer-made bodies, which does not prove accuracy on people. No published method measures an adult's pelvic tilt from a clothed photograph without marks; clinical validity is not claimed.</source>
            <translation>Para las mediciones a partir del contorno del cuerpo, el intervalo se comprobó con cuerpos virtuales, lo que no demuestra la exactitud en personas. Ningún método publicado mide la inclinación pélvica de un adulto en una foto con ropa y sin marcas; no se afirma validez clínica.</translation>
        </message>
        <message>
            <source>Of healthy young adults 85 % of men and 75 % of women stand tilted forward (Herrington 2011, n = 120). Bone shape alone spans 0 to 23° in pelves held still (Preece 2008; mean 13°, SD 5°). No limit between healthy and unhealthy has been validated, and no study shows that the tilt explains pain or tells how strong a muscle is (Laird 2014).</source>
            <translation>De los adultos jóvenes sanos, el 85 % de los hombres y el 75 % de las mujeres están de pie con la pelvis inclinada hacia delante (Herrington 2011, n = 120). Solo la forma de los huesos abarca de 0 a 23° en pelvis sujetas en posición fija (Preece 2008; media 13°, DE 5°). No se ha validado ningún límite entre lo sano y lo no sano, y ningún estudio muestra que la inclinación explique el dolor o indique la fuerza de un músculo (Laird 2014).</translation>
        </message>
        <message>
            <source>Made by Beltline {version}.</source>
            <translation>Hecho con Beltline {version}.</translation>
        </message>
        <message>
            <source>The newest check was measured by Beltline {version}; pose model {pose}, outline model {contour} (starts of SHA-256).</source>
            <translation>La medición más reciente se hizo con Beltline {version}; modelo de postura {pose}, modelo de contorno {contour} (inicio de SHA-256).</translation>
        </message>
        <message>
            <source>The checks were measured by versions {versions}.</source>
            <translation>Las mediciones se hicieron con las versiones {versions}.</translation>
        </message>
        <message>
            <source>{sign} stands for a letter that no font of this computer holds.</source>
            <translation>{sign} representa una letra que no está en ninguna fuente de este equipo.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters, so the report shows boxes for them: {letters}. Install a font for them, such as one of Google's Noto fonts, and make the report again.</source>
            <translation>Ninguna fuente de este equipo tiene estas letras, así que el informe muestra recuadros en su lugar: {letters}. Instala una fuente que las tenga, como alguna de las Noto de Google, y vuelve a crear el informe.</translation>
        </message>
        <message>
            <source>and more</source>
            <translation>y más</translation>
        </message>
        <message>
            <source>Estimates with their likely ranges, not a verdict. {name}</source>
            <translation>Estimaciones con sus intervalos probables, no un veredicto. {name}</translation>
        </message>
        <message>
            <source>Page {page} of {pages}</source>
            <translation>Página {page} de {pages}</translation>
        </message>
        <message>
            <source>'{name}' has no saved checks yet, so there is nothing to report.</source>
            <translation>«{name}» aún no tiene mediciones guardadas, así que no hay nada que incluir en el informe.</translation>
        </message>
        <message>
            <source>Save a check first, then make the report.</source>
            <translation>Guarda antes una medición y después crea el informe.</translation>
        </message>
        <message>
            <source>'{name}' has no check that was measured {method}.</source>
            <translation>«{name}» no tiene ninguna medición hecha {method}.</translation>
        </message>
        <message>
            <source>Choose another method, or make a report about all checks.</source>
            <translation>Elige otro método o crea un informe de todas las mediciones.</translation>
        </message>
        <message>
            <source>The report cannot be written to '{out}': {why}.</source>
            <translation>El informe no se puede guardar en «{out}»: {why}.</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>Elige un nombre en una carpeta que exista, en la que puedas escribir y con espacio en el disco.</translation>
        </message>
        <message>
            <source>its name does not end in .pdf</source>
            <translation>su nombre no termina en .pdf</translation>
        </message>
        <message>
            <source>Give a file name that ends in .pdf.</source>
            <translation>Indica un nombre de archivo que termine en .pdf.</translation>
        </message>
        <message>
            <source>its folder does not exist</source>
            <translation>su carpeta no existe</translation>
        </message>
        <message>
            <source>the file that is there is read-only</source>
            <translation>el archivo que ya está ahí es de solo lectura</translation>
        </message>
        <message>
            <source>a folder has this name</source>
            <translation>hay una carpeta con ese nombre</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.forms</name>
        <message>
            <source>Measured {method}.</source>
            <translation>Medido {method}.</translation>
        </message>
        <message>
            <source>from the outline of the body</source>
            <translation>a partir del contorno del cuerpo</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>a partir del contorno del cuerpo, con la calibración propia de esta persona</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>a partir de los dos puntos óseos marcados</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>a partir de las dos pegatinas</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>a partir de la línea del cinturón</translation>
        </message>
        <message>
            <source>A FHIR bundle needs more packages.</source>
            <translation>Para un Bundle de FHIR hacen falta más paquetes.</translation>
        </message>
        <message>
            <source>Where Beltline was installed with Python, install them with: pip install 'beltline[study]'</source>
            <translation>Si Beltline se instaló con Python, instálalos con: pip install 'beltline[study]'</translation>
        </message>
        <message>
            <source>There is no export '{kind}'.</source>
            <translation>No existe la exportación «{kind}».</translation>
        </message>
        <message>
            <source>'{path}' is there already, so nothing was written.</source>
            <translation>«{path}» ya existe, así que no se ha escrito nada.</translation>
        </message>
        <message>
            <source>Choose another folder, or add --replace.</source>
            <translation>Elige otra carpeta o añade --replace.</translation>
        </message>
        <message>
            <source>The export cannot be written to '{folder}': {why}.</source>
            <translation>La exportación no se puede guardar en «{folder}»: {why}.</translation>
        </message>
        <message>
            <source>Choose a folder that you may write to and that has room.</source>
            <translation>Elige una carpeta en la que puedas escribir y que tenga espacio.</translation>
        </message>
        <message>
            <source>Estimated from a photograph, for research: context, not a verdict. Bone shape alone spans 0 to 23 degrees in pelves held still, most people without pain stand tilted forward, and no limit between healthy and unhealthy has been shown to hold. Compare it only with results of the same person by the same method. Where a time is told, it is when the picture was looked at, not when it was taken.</source>
            <translation>Estimado a partir de una foto, para investigación: es contexto, no un veredicto. Solo la forma de los huesos abarca de 0 a 23 grados en pelvis sujetas en posición fija, la mayoría de las personas sin dolor tienen la pelvis inclinada hacia delante al estar de pie y no se ha demostrado que sea válido ningún límite entre lo sano y lo no sano. Compáralo solo con resultados de la misma persona y del mismo método. Si se indica una hora, es la de cuando se examinó la foto, no la de cuando se hizo.</translation>
        </message>
        <message>
            <source>Pelvic tilt standing, from a side-on photograph; forward (front lower) is positive</source>
            <translation>Inclinación pélvica de pie, a partir de una foto de perfil; hacia delante (parte delantera más baja) es positivo</translation>
        </message>
        <message>
            <source>Slope of the belt line, from a side-on photograph; front lower is positive</source>
            <translation>Pendiente de la línea del cinturón, a partir de una foto de perfil; más baja por delante es positivo</translation>
        </message>
        <message>
            <source>The rater could not tell the two bony points.</source>
            <translation>La persona que valoraba no pudo distinguir los dos puntos óseos.</translation>
        </message>
        <message>
            <source>The photograph was refused.</source>
            <translation>La foto fue rechazada.</translation>
        </message>
        <message>
            <source>The photograph could not be read.</source>
            <translation>No se pudo leer la foto.</translation>
        </message>
        <message>
            <source>There is no number, and the study does not say why.</source>
            <translation>No hay número, y el estudio no dice por qué.</translation>
        </message>
        <message>
            <source>Beltline's own codes for pelvic tilt in photographs</source>
            <translation>Códigos propios de Beltline para la inclinación pélvica en fotos</translation>
        </message>
        <message>
            <source>Software that estimates pelvic tilt from photographs</source>
            <translation>Programa que estima la inclinación pélvica a partir de fotos</translation>
        </message>
        <message>
            <source>No</source>
            <translation>No</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>En parte</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>Con claridad</translation>
        </message>
        <message>
            <source>The belt line is not seen</source>
            <translation>No se ve la línea del cinturón</translation>
        </message>
        <message>
            <source>The belt line is partly seen</source>
            <translation>La línea del cinturón se ve en parte</translation>
        </message>
        <message>
            <source>The belt line is clearly seen</source>
            <translation>La línea del cinturón se ve con claridad</translation>
        </message>
        <message>
            <source>Both points marked</source>
            <translation>Los dos puntos marcados</translation>
        </message>
        <message>
            <source>Points cannot be told</source>
            <translation>No se distinguen los puntos</translation>
        </message>
        <message>
            <source>Not yet rated</source>
            <translation>Aún sin valorar</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>Medida</translation>
        </message>
        <message>
            <source>Photograph refused</source>
            <translation>Foto rechazada</translation>
        </message>
        <message>
            <source>Photograph not readable</source>
            <translation>Foto ilegible</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.rating</name>
        <message>
            <source>Studies</source>
            <translation>Estudios</translation>
        </message>
        <message>
            <source>Choose the folder that was given to you</source>
            <translation>Elige la carpeta que te han dado</translation>
        </message>
        <message>
            <source>If you were given a folder of photographs to rate for a study, open it here. They are shown in a window of their own.</source>
            <translation>Si te han dado una carpeta de fotos para valorar en un estudio, ábrela aquí. Se muestran en una ventana aparte.</translation>
        </message>
        <message>
            <source>Rate photographs…</source>
            <translation>Valorar fotos…</translation>
        </message>
        <message>
            <source>Rate photographs</source>
            <translation>Valorar fotos</translation>
        </message>
        <message>
            <source>Photograph {number} of {count}</source>
            <translation>Foto {number} de {count}</translation>
        </message>
        <message>
            <source>Who is rating?</source>
            <translation>¿Quién valora?</translation>
        </message>
        <message>
            <source>Each rater has a list of their own, in another order. Choose the one that was given to you, and no other.</source>
            <translation>Cada persona que valora tiene su propia lista, en otro orden. Elige la que te han dado, y ninguna otra.</translation>
        </message>
        <message>
            <source>Rate photographs for a study</source>
            <translation>Valorar fotos para un estudio</translation>
        </message>
        <message>
            <source>Go on rating photographs</source>
            <translation>Seguir valorando fotos</translation>
        </message>
        <message>
            <source>You see one photograph at a time. Still to rate: {left}. On each, mark two points where you think the bones are, and say how well you see the belt line.</source>
            <translation>Verás las fotos de una en una. Por valorar: {left}. En cada una, marca dos puntos donde crees que están los huesos y di lo bien que ves la línea del cinturón.</translation>
        </message>
        <message>
            <source>Front point (ASIS): the bump at the front end of the hip bone's upper edge. Back point (PSIS): the bump under the dimple just above the buttock. Mark them on the side that faces the camera.</source>
            <translation>Punto delantero (EIAS): el bulto en el extremo delantero del borde superior del hueso de la cadera. Punto de atrás (EIPS): el bulto bajo el hoyuelo que hay justo encima del glúteo. Márcalos en el lado que mira a la cámara.</translation>
        </message>
        <message>
            <source>If something upright is in the picture, such as a door frame, add a plumb line and lay it on that.</source>
            <translation>Si en la foto hay algo vertical, como el marco de una puerta, añade una plomada y colócala encima.</translation>
        </message>
        <message>
            <source>Decide alone and trust your eye: the study asks how well people agree. Earlier answers are not shown.</source>
            <translation>Decide por tu cuenta y fíate de tu vista: el estudio quiere saber hasta qué punto coinciden las personas. Las respuestas anteriores no se muestran.</translation>
        </message>
        <message>
            <source>Each answer is kept at once, with the time it took. Pauses do not count. You may close the window and go on another day.</source>
            <translation>Cada respuesta se guarda al momento, con el tiempo que llevó. Las pausas no cuentan. Puedes cerrar la ventana y seguir otro día.</translation>
        </message>
        <message>
            <source>All of it works with the keyboard: arrow keys move the point, with Shift faster; Enter goes on to what comes next; {unknown} means you cannot tell the points; {plumb} is the plumb line; {no}, {partly} and {clearly} answer about the belt line; {pause} pauses; Ctrl and + or - zoom, {fit} shows the whole picture.</source>
            <translation>Todo se puede hacer con el teclado: las flechas mueven el punto, con Mayús más rápido; Intro pasa a lo siguiente; {unknown} significa que no distingues los puntos; {plumb} es la plomada; {no}, {partly} y {clearly} responden sobre la línea del cinturón; {pause} pausa; Ctrl y + o - acercan o alejan, y {fit} muestra la imagen entera.</translation>
        </message>
        <message>
            <source>Front point (ASIS)</source>
            <translation>Punto delantero (EIAS)</translation>
        </message>
        <message>
            <source>Back point (PSIS)</source>
            <translation>Punto de atrás (EIPS)</translation>
        </message>
        <message>
            <source>{name}, not marked yet</source>
            <translation>{name}, aún sin marcar</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>Marcar los dos puntos óseos</translation>
        </message>
        <message>
            <source>Click on the picture, first on the front point, then on the back point. Drag a cross, or move it with the arrow keys, until it is right.</source>
            <translation>Haz clic en la foto, primero en el punto delantero y luego en el de atrás. Arrastra una cruz, o muévela con las flechas, hasta que esté bien.</translation>
        </message>
        <message>
            <source>I cannot tell the points</source>
            <translation>No distingo los puntos</translation>
        </message>
        <message>
            <source>How well do you see the belt line?</source>
            <translation>¿Cómo se ve la línea del cinturón?</translation>
        </message>
        <message>
            <source>The upper edge of a belt, trousers or skirt across the body.</source>
            <translation>El borde superior de un cinturón, pantalón o falda a lo ancho del cuerpo.</translation>
        </message>
        <message>
            <source>Not at all</source>
            <translation>No se ve</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>En parte</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>Con claridad</translation>
        </message>
        <message>
            <source>Mark the {point}: click on it, or press an arrow key. If you cannot tell where it is, choose “I cannot tell the points”.</source>
            <translation>Marca el {point}: haz clic en él o pulsa una flecha. Si no sabes dónde está, elige «No distingo los puntos».</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>punto delantero</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>punto de atrás</translation>
        </message>
        <message>
            <source>The plumb line is still where it was put. Move both ends onto something upright, or remove the line.</source>
            <translation>La plomada sigue donde se puso. Lleva los dos extremos a algo vertical o quita la línea.</translation>
        </message>
        <message>
            <source>This line cannot be upright. Move both ends onto something upright, such as a door frame, far apart, or remove the line.</source>
            <translation>Esta línea no puede ser vertical. Lleva los dos extremos a algo vertical, como el marco de una puerta, bien separados, o quita la línea.</translation>
        </message>
        <message>
            <source>Say how well you see the belt line.</source>
            <translation>Di lo bien que ves la línea del cinturón.</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>En pausa</translation>
        </message>
        <message>
            <source>The clock stands still and the photograph is hidden. What you marked on it stays as long as the window is open.</source>
            <translation>El reloj está parado y la foto, oculta. Lo que marcaste en ella se conserva mientras la ventana esté abierta.</translation>
        </message>
        <message>
            <source>Photograph {number} cannot be shown and stays open. {message}</source>
            <translation>La foto {number} no se puede mostrar y queda pendiente. {message}</translation>
        </message>
        <message>
            <source>It has another size than the study's.</source>
            <translation>Tiene otro tamaño que la del estudio.</translation>
        </message>
        <message>
            <source>All photographs are rated</source>
            <translation>Todas las fotos están valoradas</translation>
        </message>
        <message>
            <source>You have come to the end</source>
            <translation>Has llegado al final</translation>
        </message>
        <message numerus="yes">
            <source>Thank you. Your {count} answers are in the folder “{folder}”. Give it back to whoever gave it to you.</source>
            <translation>
                <numerusform>Gracias. Tu respuesta está en la carpeta «{folder}». Devuélvesela a quien te la dio.</numerusform>
                <numerusform>Gracias. Tus {count} respuestas están en la carpeta «{folder}». Devuélvesela a quien te la dio.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} photographs could not be shown and stay open. Say so when you give the folder back.</source>
            <translation>
                <numerusform>Una foto no se pudo mostrar y queda pendiente. Dilo al devolver la carpeta.</numerusform>
                <numerusform>{count} fotos no se pudieron mostrar y quedan pendientes. Dilo al devolver la carpeta.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.several</name>
        <message>
            <source>Click the person you mean</source>
            <translation>Haz clic en la persona correcta</translation>
        </message>
        <message>
            <source>Person {number}, from the left</source>
            <translation>Persona {number}, desde la izquierda</translation>
        </message>
        <message>
            <source>{count} pictures. Are they one person in one stance, taken again and again, or different?</source>
            <translation>{count} fotos. ¿Son de una misma persona en una misma postura, repetida varias veces, o son distintas?</translation>
        </message>
        <message>
            <source>One person, one stance</source>
            <translation>Una persona, una postura</translation>
        </message>
        <message>
            <source>Different</source>
            <translation>Distintas</translation>
        </message>
        <message>
            <source>They become one check, which is surer than a single picture.</source>
            <translation>Pasan a ser una sola medición, más segura que una foto suelta.</translation>
        </message>
        <message>
            <source>They are one stance</source>
            <translation>Son una misma postura</translation>
        </message>
        <message>
            <source>They are different</source>
            <translation>Son distintas</translation>
        </message>
        <message>
            <source>Each becomes a check of its own, and you choose whose.</source>
            <translation>Cada una pasa a ser una medición, y tú eliges de quién.</translation>
        </message>
        <message>
            <source>{count} pictures</source>
            <translation>{count} fotos</translation>
        </message>
        <message>
            <source>{count} pictures in “{folder}”</source>
            <translation>{count} fotos en «{folder}»</translation>
        </message>
        <message>
            <source>Only the first {count} are taken, in the order of their names; {left} are left out.</source>
            <translation>Solo se usan las primeras {count}, por orden de nombre; {left} se quedan fuera.</translation>
        </message>
        <message>
            <source>There is no picture in this folder. Choose one with photographs in it.</source>
            <translation>En esta carpeta no hay ninguna imagen. Elige una que contenga fotos.</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>En espera</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>Midiendo…</translation>
        </message>
        <message>
            <source>{said}
Saved</source>
            <translation>{said}
Guardado</translation>
        </message>
        <message>
            <source>{said} Open it to choose one.</source>
            <translation>{said} Ábrela para elegir a la persona.</translation>
        </message>
        <message>
            <source>{done} of {count}</source>
            <translation>{done} de {count}</translation>
        </message>
        <message>
            <source>{measured} measured, {refused} without a number.</source>
            <translation>{measured} medidas, {refused} sin número.</translation>
        </message>
        <message>
            <source>All are measured.</source>
            <translation>Todas están medidas.</translation>
        </message>
        <message>
            <source>{count} pictures of one stance</source>
            <translation>{count} fotos de una postura</translation>
        </message>
        <message>
            <source>The middle of {count} pictures, which lie {apart}.</source>
            <translation>El valor central de {count} fotos, con una separación de {apart}.</translation>
        </message>
        <message>
            <source>up to {range}° apart</source>
            <translation>hasta {range}°</translation>
        </message>
        <message>
            <source>less than 1° apart</source>
            <translation>menos de 1°</translation>
        </message>
        <message>
            <source>{source} is {off}° off the middle: look at it, or leave it out.</source>
            <translation>{source} se aparta {off}° del valor central: revísala o exclúyela.</translation>
        </message>
        <message>
            <source>{left} did not count.</source>
            <translation>Sin contar: {left}.</translation>
        </message>
        <message>
            <source>A change of {change}° or more counts.</source>
            <translation>Cuenta un cambio de {change}° o más.</translation>
        </message>
        <message>
            <source>The result comes when all pictures are measured.</source>
            <translation>El resultado llega cuando todas las fotos estén medidas.</translation>
        </message>
        <message>
            <source>Save all ({count})</source>
            <translation>Guardar todo ({count})</translation>
        </message>
        <message numerus="yes">
            <source>Saved {count} checks</source>
            <translation>
                <numerusform>1 medición guardada</numerusform>
                <numerusform>{count} mediciones guardadas</numerusform>
            </translation>
        </message>
        <message>
            <source>{kept} of {count} checks were saved. {why}</source>
            <translation>Se guardaron {kept} de {count} mediciones. {why}</translation>
        </message>
    </context>
    <context>
        <name>app.text.share</name>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>Beltline es una autoevaluación de bienestar. No es un dispositivo médico: para un diagnóstico, acude a un fisioterapeuta.</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>Compartir</translation>
        </message>
        <message>
            <source>Copy, save or print this result</source>
            <translation>Copia, guarda o imprime este resultado</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copiar</translation>
        </message>
        <message>
            <source>Save picture…</source>
            <translation>Guardar imagen…</translation>
        </message>
        <message>
            <source>Print…</source>
            <translation>Imprimir…</translation>
        </message>
        <message>
            <source>Blur the face</source>
            <translation>Difuminar la cara</translation>
        </message>
        <message>
            <source>Beltline could not find every face in the picture, so it was not shared. If the faces may be seen, switch off “Blur the face” in the Share menu.</source>
            <translation>Beltline no ha podido encontrar todas las caras de la foto, así que no se ha compartido. Si las caras se pueden ver, desactiva «Difuminar la cara» en el menú Compartir.</translation>
        </message>
        <message>
            <source>Copied: the words, and the picture.</source>
            <translation>Copiado: el texto y la imagen.</translation>
        </message>
        <message>
            <source>Copied: the words. No picture was kept with this check.</source>
            <translation>Copiado: el texto. Con esta medición no se guardó ninguna foto.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>Guardado como {name}.</translation>
        </message>
        <message>
            <source>Sent to the printer.</source>
            <translation>Enviado a la impresora.</translation>
        </message>
        <message>
            <source>The printer did not take it. Look whether it is switched on, then try again.</source>
            <translation>La impresora no lo ha aceptado. Comprueba que está encendida e inténtalo otra vez.</translation>
        </message>
        <message>
            <source>check_{day}.png</source>
            <translation>medicion_{day}.png</translation>
        </message>
        <message>
            <source>Picture (*.png)</source>
            <translation>Imagen (*.png)</translation>
        </message>
        <message>
            <source>Smaller picture (*.jpg *.jpeg)</source>
            <translation>Imagen más pequeña (*.jpg *.jpeg)</translation>
        </message>
    </context>
    <context>
        <name>app.text.squeeze</name>
        <message>
            <source>Squeeze test</source>
            <translation>Prueba de glúteos</translation>
        </message>
        <message>
            <source>Squeeze tests</source>
            <translation>Pruebas de glúteos</translation>
        </message>
        <message>
            <source>Result of the squeeze test</source>
            <translation>Resultado de la prueba de glúteos</translation>
        </message>
        <message>
            <source>{angle}° back ({interval})</source>
            <translation>{angle}° hacia atrás ({interval})</translation>
        </message>
        <message>
            <source>{angle}° forward ({interval})</source>
            <translation>{angle}° hacia delante ({interval})</translation>
        </message>
        <message>
            <source>Turned back {angle}° on squeezing (likely {interval})</source>
            <translation>Giró {angle}° hacia atrás al apretar (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Turned forward {angle}° on squeezing (likely {interval})</source>
            <translation>Giró {angle}° hacia delante al apretar (probablemente de {interval})</translation>
        </message>
        <message>
            <source>Turned by less than 1° on squeezing (likely {interval})</source>
            <translation>Giró menos de 1° al apretar (probablemente de {interval})</translation>
        </message>
        <message>
            <source>That is more than a pelvis moves by itself in somebody who stands still.</source>
            <translation>Es más de lo que la pelvis se mueve por sí sola en alguien que está de pie sin moverse.</translation>
        </message>
        <message>
            <source>That is no more than a pelvis moves by itself in somebody who stands still, so it may be chance.</source>
            <translation>No es más de lo que la pelvis se mueve por sí sola en alguien que está de pie sin moverse, así que puede ser casualidad.</translation>
        </message>
        <message>
            <source>more than standing still varies</source>
            <translation>más de lo que varía de pie sin moverse</translation>
        </message>
        <message>
            <source>may be chance</source>
            <translation>puede ser casualidad</translation>
        </message>
        <message>
            <source>A real turn</source>
            <translation>Un giro real</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>sí</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>Una a una: {angles}.</translation>
        </message>
        <message>
            <source>This shows whether the pelvis turned when you squeezed, not how strong a muscle is. If something troubles you, ask a physiotherapist.</source>
            <translation>Esto muestra si la pelvis giró al apretar, no la fuerza de un músculo. Si algo te preocupa, consulta a un fisioterapeuta.</translation>
        </message>
        <message>
            <source>Could you squeeze both sides of your buttocks together?</source>
            <translation>¿Pudiste apretar los dos glúteos a la vez?</translation>
        </message>
        <message>
            <source>Could you squeeze the left side alone?</source>
            <translation>¿Pudiste apretar solo el izquierdo?</translation>
        </message>
        <message>
            <source>Could you squeeze the right side alone?</source>
            <translation>¿Pudiste apretar solo el derecho?</translation>
        </message>
        <message>
            <source>Could you squeeze your buttocks?</source>
            <translation>¿Pudiste apretar los glúteos?</translation>
        </message>
        <message>
            <source>Both together</source>
            <translation>Los dos a la vez</translation>
        </message>
        <message>
            <source>Left alone</source>
            <translation>Solo el izquierdo</translation>
        </message>
        <message>
            <source>Right alone</source>
            <translation>Solo el derecho</translation>
        </message>
        <message>
            <source>partly</source>
            <translation>en parte</translation>
        </message>
        <message>
            <source>no</source>
            <translation>no</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>sin indicar</translation>
        </message>
        <message>
            <source>Could squeeze both sides: {both}; the left alone: {left}; the right alone: {right}.</source>
            <translation>Pudo apretar los dos lados: {both}; solo el izquierdo: {left}; solo el derecho: {right}.</translation>
        </message>
        <message>
            <source>Newest squeeze test, {when}: {turned}, {noise}. {answers}</source>
            <translation>Prueba de glúteos más reciente, {when}: {turned}, {noise}. {answers}</translation>
        </message>
        <message>
            <source>Newest, {when}: {turned} on squeezing</source>
            <translation>La más reciente, {when}: {turned} al apretar</translation>
        </message>
        <message>
            <source>Squeeze tests ({count})</source>
            <translation>Pruebas de glúteos ({count})</translation>
        </message>
        <message>
            <source>back</source>
            <translation>hacia atrás</translation>
        </message>
        <message>
            <source>forward</source>
            <translation>hacia delante</translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>1 prueba de glúteos</numerusform>
                <numerusform>{count} pruebas de glúteos</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pictures</name>
        <message>
            <source>Somebody stands upright, seen from behind, and tightens both buttocks.</source>
            <translation>Una persona de pie, erguida y vista de espaldas, aprieta los dos glúteos.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with bent knees and feet on the floor, and lifts the hips until shoulders, hips and knees are in line.</source>
            <translation>Una persona tumbada boca arriba, con las rodillas dobladas y los pies en el suelo, sube las caderas hasta que hombros, caderas y rodillas quedan en línea.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with one foot on the floor and the other leg stretched out, lifts the hips and holds them up.</source>
            <translation>Una persona tumbada boca arriba, con un pie en el suelo y la otra pierna estirada, sube las caderas y las mantiene arriba.</translation>
        </message>
        <message>
            <source>Somebody lies on their side with straight legs and lifts the upper leg.</source>
            <translation>Una persona tumbada de lado, con las piernas rectas, sube la pierna de arriba.</translation>
        </message>
    </context>
    <context>
        <name>guidance</name>
        <message>
            <source>No real change since {since}.</source>
            <translation>Sin cambio real desde {since}.</translation>
        </message>
        <message>
            <source>{difference}° {way} in front than {then}: a real change, if the clothes sat alike.</source>
            <translation>{difference}° {way} por delante que {then}: un cambio real, si la ropa estaba igual de colocada.</translation>
        </message>
        <message>
            <source>{difference}° further {way} than {then}: a real change.</source>
            <translation>{difference}° más {way} que {then}: un cambio real.</translation>
        </message>
        <message>
            <source>Your first check of this kind. The next one can be compared with it.</source>
            <translation>Tu primera medición de este tipo. La próxima se podrá comparar con ella.</translation>
        </message>
        <message>
            <source>{fix} Then check again.</source>
            <translation>{fix} Después mide otra vez.</translation>
        </message>
        <message>
            <source>Check again on another day before you make anything of the change.</source>
            <translation>Mide otra vez otro día antes de sacar conclusiones del cambio.</translation>
        </message>
        <message>
            <source>Can you squeeze each side of your buttocks by itself? Try it.</source>
            <translation>¿Puedes apretar cada glúteo por separado? Pruébalo.</translation>
        </message>
        <message>
            <source>The angle of your belt line, as in a mirror. It is not the tilt of your pelvis.</source>
            <translation>El ángulo de la línea de tu cinturón, como en un espejo. No es la inclinación de tu pelvis.</translation>
        </message>
        <message>
            <source>Measured between the two bony points that were marked, and as exact as they are.</source>
            <translation>Medido entre los dos puntos óseos marcados, y tan exacto como lo sean ellos.</translation>
        </message>
        <message>
            <source>Measured between two stickers, and as exact as the places where they were stuck.</source>
            <translation>Medido entre dos pegatinas, y tan exacto como el sitio donde se pegaron.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body and from what your calibration showed of your bones.</source>
            <translation>Estimado a partir del contorno del cuerpo y de lo que tu calibración mostró de tus huesos.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body.</source>
            <translation>Estimado a partir del contorno del cuerpo.</translation>
        </message>
        <message>
            <source>Forward means that the front of the pelvis, the bowl of bone between your hips, is lower than the back.</source>
            <translation>Hacia delante significa que la parte delantera de la pelvis, el cuenco de hueso entre tus caderas, está más baja que la de atrás.</translation>
        </message>
        <message>
            <source>Clothes and belly shift it too, so compare it only in the same clothes.</source>
            <translation>La ropa y la barriga también la desplazan, así que compárala solo con la misma ropa.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward; this lies within that.</source>
            <translation>La mayoría de las personas sin dolor tienen la pelvis inclinada entre unos 3 y 20° hacia delante; esto está dentro.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is more; bones alone can explain it.</source>
            <translation>La mayoría de las personas sin dolor tienen la pelvis inclinada entre unos 3 y 20° hacia delante. Esto es más; los huesos por sí solos pueden explicarlo.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is less; bones alone can explain it.</source>
            <translation>La mayoría de las personas sin dolor tienen la pelvis inclinada entre unos 3 y 20° hacia delante. Esto es menos; los huesos por sí solos pueden explicarlo.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is the other way; bones or stance alone can explain it.</source>
            <translation>La mayoría de las personas sin dolor tienen la pelvis inclinada entre unos 3 y 20° hacia delante. Esto es hacia el otro lado; los huesos o la postura por sí solos pueden explicarlo.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photo shows the shape of your bones. Calibrating once narrows it. Changes show more clearly.</source>
            <translation>El intervalo probable es amplio porque ninguna foto muestra la forma de tus huesos. Calibrar una vez lo estrecha. Los cambios se ven con más claridad.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way. Whether a change matters, a number alone cannot say.</source>
            <translation>«La última vez» es tu última medición hecha de la misma forma. Un número por sí solo no puede decir si un cambio importa.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>«La última vez» es tu última medición hecha de la misma forma; menos de {smallest}° entre dos fotos no es un cambio real.</translation>
        </message>
        <message>
            <source>Compare it only with your own checks, measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>Compáralo solo con tus propias mediciones, hechas de la misma forma; menos de {smallest}° entre dos fotos no es un cambio real.</translation>
        </message>
        <message>
            <source>It does not tell good from bad, does not explain pain, and proves nothing about how well your muscles work.</source>
            <translation>No distingue lo bueno de lo malo, no explica el dolor y no demuestra nada sobre lo bien que trabajan tus músculos.</translation>
        </message>
        <message>
            <source>It is not a medical measurement: the range was checked on computer-made bodies, not on people.</source>
            <translation>No es una medición médica: el intervalo se comprobó con cuerpos virtuales, no con personas.</translation>
        </message>
        <message>
            <source>Your hips were ahead of your feet and your upper body leaned back (sway-back). That can hide a forward tilt, so the number may be too low.</source>
            <translation>Tus caderas estaban por delante de los pies y el tronco, inclinado hacia atrás (sway-back). Eso puede ocultar una inclinación hacia delante, así que el número puede ser demasiado bajo.</translation>
        </message>
        <message>
            <source>Your knees were pushed back beyond straight, which can turn the pelvis. Compare this check only with others in which you stood like that.</source>
            <translation>Tus rodillas estaban estiradas de más, hacia atrás, y eso puede girar la pelvis. Compara esta medición solo con otras en las que estuvieras así.</translation>
        </message>
        <message>
            <source>Your head was well ahead of your shoulders. Look straight ahead each time: it changes how you stand.</source>
            <translation>Tu cabeza estaba bastante por delante de los hombros. Mira siempre al frente: eso cambia tu postura.</translation>
        </message>
        <message>
            <source>Tighter clothes, two stickers or marked points narrow the likely range.</source>
            <translation>La ropa más ajustada, dos pegatinas o los puntos marcados estrechan el intervalo probable.</translation>
        </message>
        <message>
            <source>A belt line that is lower in front may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Una línea del cinturón más baja por delante puede ser señal de que los glúteos ya no se activan siempre que hace falta, normalmente por pasar muchas horas en la silla. Ningún estudio lo ha demostrado, así que ponlos a prueba: ¿puedes apretar los dos, y cada uno por separado? Los puentes y las elevaciones de pierna lo entrenan.</translation>
        </message>
        <message>
            <source>Standing tilted forward may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Estar de pie con la pelvis inclinada hacia delante puede ser señal de que los glúteos ya no se activan siempre que hace falta, normalmente por pasar muchas horas en la silla. Ningún estudio lo ha demostrado, así que ponlos a prueba: ¿puedes apretar los dos, y cada uno por separado? Los puentes y las elevaciones de pierna lo entrenan.</translation>
        </message>
        <message>
            <source>Whatever the number: can you squeeze both sides of your buttocks, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Sea cual sea el número: ¿puedes apretar los dos glúteos, y cada uno por separado? Los puentes y las elevaciones de pierna lo entrenan.</translation>
        </message>
        <message>
            <source>Sit less: stand up and walk for a few minutes every hour.</source>
            <translation>Siéntate menos: cada hora, levántate y camina unos minutos.</translation>
        </message>
        <message>
            <source>With pain or doubts, see a physiotherapist.</source>
            <translation>Si tienes dolor o dudas, acude a un fisioterapeuta.</translation>
        </message>
        <message>
            <source>Numbness or tingling between the legs, where you would sit on a saddle.</source>
            <translation>Adormecimiento u hormigueo entre las piernas, en la zona que apoyarías en una silla de montar.</translation>
        </message>
        <message>
            <source>New trouble with passing or holding urine or stool.</source>
            <translation>Problemas nuevos para orinar o hacer de vientre, o para contener la orina o las heces.</translation>
        </message>
        <message>
            <source>A leg or foot that is very weak, or weakness that is spreading.</source>
            <translation>Una pierna o un pie muy débil, o una debilidad que se extiende.</translation>
        </message>
        <message>
            <source>Pain that runs down both legs.</source>
            <translation>Dolor que baja por las dos piernas.</translation>
        </message>
        <message>
            <source>A bad fall, accident or other major injury lately.</source>
            <translation>Una mala caída, un accidente u otra lesión importante hace poco.</translation>
        </message>
        <message>
            <source>Fever, or feeling ill altogether.</source>
            <translation>Fiebre o malestar general.</translation>
        </message>
        <message>
            <source>Cancer, now or in the past.</source>
            <translation>Cáncer, ahora o en el pasado.</translation>
        </message>
        <message>
            <source>Losing weight without knowing why.</source>
            <translation>Perder peso sin saber por qué.</translation>
        </message>
        <message>
            <source>Pain at night that does not let up in any position.</source>
            <translation>Dolor por la noche que no cede en ninguna posición.</translation>
        </message>
        <message>
            <source>Osteoporosis (thin bones), or steroid medicines for months.</source>
            <translation>Osteoporosis (huesos frágiles) o un tratamiento de meses con corticoides.</translation>
        </message>
        <message>
            <source>You cannot put your weight on one of your legs.</source>
            <translation>No puedes apoyar el peso en una de las piernas.</translation>
        </message>
        <message>
            <source>A hot, swollen joint.</source>
            <translation>Una articulación caliente e hinchada.</translation>
        </message>
        <message>
            <source>You are pregnant.</source>
            <translation>Embarazo.</translation>
        </message>
        <message>
            <source>An operation within the last months.</source>
            <translation>Una operación en los últimos meses.</translation>
        </message>
        <message>
            <source>An artificial hip.</source>
            <translation>Una prótesis de cadera.</translation>
        </message>
        <message>
            <source>Please get help now</source>
            <translation>Pide ayuda ahora</translation>
        </message>
        <message>
            <source>Call the emergency number (112, 999 or 911, depending on your country) or go to an emergency department.</source>
            <translation>Llama al número de emergencias (112, 999 o 911, según tu país) o ve a urgencias.</translation>
        </message>
        <message>
            <source>Now. Do not wait until it passes, even if it hardly hurts.</source>
            <translation>Ahora. No esperes a que se pase, aunque apenas duela.</translation>
        </message>
        <message>
            <source>Exercises stay closed here until you answer the questions again.</source>
            <translation>Los ejercicios quedan cerrados hasta que vuelvas a responder a las preguntas.</translation>
        </message>
        <message>
            <source>Please see a doctor first</source>
            <translation>Ve antes al médico</translation>
        </message>
        <message>
            <source>Call your doctor and say what you have ticked.</source>
            <translation>Llama a tu médico y dile lo que has marcado.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it gets worse.</source>
            <translation>En los próximos días; enseguida si empeora.</translation>
        </message>
        <message>
            <source>Please ask first</source>
            <translation>Pregunta antes</translation>
        </message>
        <message>
            <source>Ask your doctor, midwife or physiotherapist whether bridges and leg lifts are right for you.</source>
            <translation>Pregunta a tu médico, matrona o fisioterapeuta si los puentes y las elevaciones de pierna son adecuados para ti.</translation>
        </message>
        <message>
            <source>Before you begin; there is no hurry.</source>
            <translation>Antes de empezar; no hay prisa.</translation>
        </message>
        <message>
            <source>When they say that you may, say so here.</source>
            <translation>Cuando te digan que puedes, indícalo aquí.</translation>
        </message>
        <message>
            <source>You can begin</source>
            <translation>Puedes empezar</translation>
        </message>
        <message>
            <source>None of your answers speaks against these exercises.</source>
            <translation>Ninguna de tus respuestas desaconseja estos ejercicios.</translation>
        </message>
        <message>
            <source>If anything hurts, stop and press “This hurts”.</source>
            <translation>Si algo te duele, para y pulsa «Me duele».</translation>
        </message>
        <message>
            <source>You will be asked again in four weeks.</source>
            <translation>Dentro de cuatro semanas se te volverá a preguntar.</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>Para aquí</translation>
        </message>
        <message>
            <source>Stay in a position that is comfortable. If the pain goes away, leave this exercise out today. If it comes back or stays, ask a physiotherapist or your doctor.</source>
            <translation>Quédate en una posición cómoda. Si el dolor se va, deja este ejercicio por hoy. Si vuelve o no se va, consulta a un fisioterapeuta o a tu médico.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it is strong or follows a fall. With numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, or pain in both legs, call the emergency number now (112, 999 or 911, depending on your country).</source>
            <translation>En los próximos días; enseguida si es fuerte o viene de una caída. Si notas adormecimiento entre las piernas, problemas nuevos de vejiga o intestino, una pierna que pierde fuerza o dolor en las dos piernas, llama ya al número de emergencias (112, 999 o 911, según tu país).</translation>
        </message>
        <message>
            <source>Muscles that ache a little on the next day are usual. Sharp pain, or pain that runs into a leg, is not.</source>
            <translation>Que los músculos duelan un poco al día siguiente es habitual. Un dolor agudo, o que baja por una pierna, no lo es.</translation>
        </message>
        <message>
            <source>Can you squeeze at will?</source>
            <translation>¿Puedes apretar cuando quieras?</translation>
        </message>
        <message>
            <source>Stand relaxed, feet as wide as your hips, one hand on each buttock.</source>
            <translation>De pie, sin tensión, con los pies a la anchura de las caderas y una mano en cada glúteo.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks for five seconds. The thighs stay loose, and you go on breathing.</source>
            <translation>Aprieta los dos glúteos cinco segundos. Los muslos siguen sueltos y no dejas de respirar.</translation>
        </message>
        <message>
            <source>Then the left one alone, then the right one alone.</source>
            <translation>Después, solo el izquierdo; luego, solo el derecho.</translation>
        </message>
        <message>
            <source>Yes: you feel it get firm under your hand and can hold it. Partly: it flickers, or the other side or the thigh joins in. No: nothing happens.</source>
            <translation>Sí: notas que se pone duro bajo la mano y puedes aguantarlo. En parte: tiembla, o se suma el otro lado o el muslo. No: no notas nada.</translation>
        </message>
        <message>
            <source>It shows what you feel today, no more. Many people can squeeze one side less well than the other.</source>
            <translation>Muestra lo que notas hoy, nada más. Muchas personas aprietan peor un lado que el otro.</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>Ir al fisioterapeuta</translation>
        </message>
        <message>
            <source>When it is worth it</source>
            <translation>Cuándo merece la pena</translation>
        </message>
        <message>
            <source>Pain that stays for some weeks, comes back, or keeps you from something you want to do.</source>
            <translation>Dolor que dura varias semanas, vuelve o te impide hacer algo que quieres hacer.</translation>
        </message>
        <message>
            <source>You cannot squeeze one side at all, even after two or three weeks of trying.</source>
            <translation>No consigues apretar un lado en absoluto, ni siquiera tras dos o tres semanas intentándolo.</translation>
        </message>
        <message>
            <source>You want to know what a number on a screen cannot tell: for a diagnosis somebody has to examine you.</source>
            <translation>Quieres saber lo que un número en la pantalla no puede decir: para un diagnóstico, alguien tiene que examinarte.</translation>
        </message>
        <message>
            <source>When not to wait</source>
            <translation>Cuándo no esperar</translation>
        </message>
        <message>
            <source>Numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, pain in both legs: call the emergency number now.</source>
            <translation>Adormecimiento entre las piernas, problemas nuevos de vejiga o intestino, una pierna que pierde fuerza, dolor en las dos piernas: llama ya al número de emergencias.</translation>
        </message>
        <message>
            <source>After a bad fall, with fever, after a cancer, with weight loss that you cannot explain, pain at night that never lets up, thin bones or months of steroid medicines, a hot swollen joint, or a leg that cannot carry you: call a doctor first.</source>
            <translation>Tras una mala caída, con fiebre, después de un cáncer, si pierdes peso sin explicación, con dolor nocturno que no cede nunca, huesos frágiles o meses de corticoides, una articulación caliente e hinchada, o una pierna que no te sostiene: llama antes a un médico.</translation>
        </message>
        <message>
            <source>What is known, and what is not</source>
            <translation>Qué se sabe y qué no</translation>
        </message>
        <message>
            <source>That the muscles of the buttocks “switch off” after much sitting is what physiotherapists observe. It is not an established medical condition, and no study shows that tilt proves anything about these muscles.</source>
            <translation>Que los glúteos «se apaguen» tras muchas horas en la silla es lo que observan los fisioterapeutas. No es un trastorno médico reconocido, y ningún estudio muestra que la inclinación demuestre nada sobre estos músculos.</translation>
        </message>
        <message>
            <source>The shape of the bones alone makes people differ by more than 20°.</source>
            <translation>Solo por la forma de los huesos, las personas difieren en más de 20°.</translation>
        </message>
        <message>
            <source>Tilt hardly moves: in trials exercise and stretching changed it by 1 to 2° at most. What you can win is strength and the habit of moving.</source>
            <translation>La inclinación apenas se mueve: en los ensayos, el ejercicio y los estiramientos la cambiaron como mucho 1 o 2°. Lo que puedes ganar es fuerza y el hábito de moverte.</translation>
        </message>
        <message>
            <source>What to bring</source>
            <translation>Qué llevar</translation>
        </message>
        <message>
            <source>The PDF report: your checks with their likely ranges, your self-checks, and what you have done so far.</source>
            <translation>El informe PDF: tus mediciones con sus intervalos probables, tus autoevaluaciones y lo que has hecho hasta ahora.</translation>
        </message>
        <message>
            <source>Letters and pictures of earlier examinations, and a list of your medicines.</source>
            <translation>Informes e imágenes de pruebas anteriores, y una lista de tus medicamentos.</translation>
        </message>
        <message>
            <source>Shorts and a top in which your back and hips can be seen.</source>
            <translation>Pantalón corto y una prenda de arriba que dejen ver la espalda y las caderas.</translation>
        </message>
        <message>
            <source>What to say</source>
            <translation>Qué contar</translation>
        </message>
        <message>
            <source>Where it hurts or feels weak, since when, what makes it worse and what eases it.</source>
            <translation>Dónde duele o notas debilidad, desde cuándo, qué lo empeora y qué lo alivia.</translation>
        </message>
        <message>
            <source>How long you sit on a usual day, and what sport you do.</source>
            <translation>Cuántas horas pasas en la silla en un día normal y qué deporte haces.</translation>
        </message>
        <message>
            <source>What you want to be able to do again.</source>
            <translation>Qué quieres poder volver a hacer.</translation>
        </message>
        <message>
            <source>What to ask</source>
            <translation>Qué preguntar</translation>
        </message>
        <message>
            <source>What do you find, and how sure are you of it?</source>
            <translation>¿Qué encuentras, y con cuánta seguridad lo dices?</translation>
        </message>
        <message>
            <source>Which two or three exercises matter most, how often, and until when?</source>
            <translation>¿Qué dos o tres ejercicios son los más importantes, con qué frecuencia y hasta cuándo?</translation>
        </message>
        <message>
            <source>How will I notice if I do too much?</source>
            <translation>¿Cómo notaré si hago demasiado?</translation>
        </message>
        <message>
            <source>How to find one</source>
            <translation>Cómo encontrar uno</translation>
        </message>
        <message>
            <source>Look for somebody with a state licence or registration; the public register of your country lists them, and your doctor or health insurer can name some.</source>
            <translation>Busca a alguien con título o registro oficial; el registro público de tu país incluye a estos profesionales, y tu médico o tu seguro pueden darte nombres.</translation>
        </message>
        <message>
            <source>A good first visit begins with questions and an examination, not with a device.</source>
            <translation>Una buena primera visita empieza con preguntas y una exploración, no con un aparato.</translation>
        </message>
        <message>
            <source>A list of exercises that you are given can be typed in on the Exercises page.</source>
            <translation>La lista de ejercicios que te den se puede escribir en la página Ejercicios.</translation>
        </message>
        <message>
            <source>Buttock squeeze</source>
            <translation>Apretar los glúteos</translation>
        </message>
        <message>
            <source>Helps you find the muscles again, anywhere and in any clothes.</source>
            <translation>Te ayuda a volver a encontrar los músculos, en cualquier sitio y con cualquier ropa.</translation>
        </message>
        <message>
            <source>Stand, or lie face down, and let your thighs go loose.</source>
            <translation>Ponte de pie, o túmbate boca abajo, y deja sueltos los muslos.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks and hold for five seconds, breathing on.</source>
            <translation>Aprieta los dos glúteos y aguanta cinco segundos sin dejar de respirar.</translation>
        </message>
        <message>
            <source>Let go entirely. Later: left side alone, then right side alone.</source>
            <translation>Suelta del todo. Más adelante: solo el lado izquierdo, luego solo el derecho.</translation>
        </message>
        <message>
            <source>Holding your breath.</source>
            <translation>Aguantar la respiración.</translation>
        </message>
        <message>
            <source>Thighs or belly tense up instead.</source>
            <translation>Se tensan los muslos o la barriga en su lugar.</translation>
        </message>
        <message>
            <source>Not letting go between two squeezes.</source>
            <translation>No soltar entre una vez y otra.</translation>
        </message>
        <message>
            <source>Bridge</source>
            <translation>Puente de glúteos</translation>
        </message>
        <message>
            <source>Loads the buttocks and little else.</source>
            <translation>Carga los glúteos y poco más.</translation>
        </message>
        <message>
            <source>from the side, from two to three metres away, close to the floor</source>
            <translation>de lado, desde dos o tres metros, cerca del suelo</translation>
        </message>
        <message>
            <source>Lie on your back, knees bent, feet flat on the floor, as wide as your hips.</source>
            <translation>Túmbate boca arriba, con las rodillas dobladas y los pies apoyados en el suelo a la anchura de las caderas.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks first, then lift your hips until knees, hips and shoulders are in one line.</source>
            <translation>Aprieta primero los glúteos y luego sube la cadera hasta que rodillas, caderas y hombros queden en línea.</translation>
        </message>
        <message>
            <source>Hold for a moment, lower slowly, and come to rest before the next one.</source>
            <translation>Aguanta un momento, baja despacio y descansa en el suelo antes de la siguiente.</translation>
        </message>
        <message>
            <source>Arching the lower back at the top: stop when the line is straight.</source>
            <translation>Arquear la zona lumbar arriba: para cuando la línea sea recta.</translation>
        </message>
        <message>
            <source>Feet too close or too far away: at the top the knees form a right angle, or one a little wider.</source>
            <translation>Pies demasiado cerca o demasiado lejos: arriba, las rodillas forman un ángulo recto o un poco mayor.</translation>
        </message>
        <message>
            <source>Pushing from the back of the thighs: think of the buttocks.</source>
            <translation>Empujar con la parte de atrás de los muslos: piensa en los glúteos.</translation>
        </message>
        <message>
            <source>Single-leg bridge</source>
            <translation>Puente a una pierna</translation>
        </message>
        <message>
            <source>Each side works by itself, once the bridge has become easy.</source>
            <translation>Cada lado trabaja por su cuenta, cuando el puente ya resulta fácil.</translation>
        </message>
        <message>
            <source>Come up into a bridge on both feet.</source>
            <translation>Sube al puente con los dos pies apoyados.</translation>
        </message>
        <message>
            <source>Stretch one leg out in line with your body, and keep both hip bones level.</source>
            <translation>Estira una pierna en línea con el cuerpo y mantén las dos caderas a la misma altura.</translation>
        </message>
        <message>
            <source>Hold. Stop as soon as the hip sinks, and change sides.</source>
            <translation>Aguanta. Para en cuanto la cadera se caiga y cambia de lado.</translation>
        </message>
        <message>
            <source>The hip of the free leg sinks: put the foot down again.</source>
            <translation>La cadera de la pierna libre se cae: vuelve a apoyar el pie.</translation>
        </message>
        <message>
            <source>Arching the lower back.</source>
            <translation>Arquear la zona lumbar.</translation>
        </message>
        <message>
            <source>Side-lying leg lift</source>
            <translation>Elevación de pierna de lado</translation>
        </message>
        <message>
            <source>Trains the side of the hip, which keeps the pelvis level when you walk.</source>
            <translation>Entrena el lateral de la cadera, que mantiene la pelvis nivelada al caminar.</translation>
        </message>
        <message>
            <source>from the front or from your feet, a little to the front, so that it sees your face</source>
            <translation>de frente, o desde tus pies y un poco por delante, para que te vea la cara</translation>
        </message>
        <message>
            <source>Lie on your side, the lower leg a little bent, the upper one straight.</source>
            <translation>Túmbate de lado, con la pierna de abajo un poco doblada y la de arriba recta.</translation>
        </message>
        <message>
            <source>Lift the upper leg until the foot is some 40 to 50 cm up, the thigh slightly behind your body, toes pointing ahead.</source>
            <translation>Sube la pierna de arriba hasta que el pie quede a unos 40 o 50 cm, con el muslo un poco por detrás del cuerpo y los dedos del pie al frente.</translation>
        </message>
        <message>
            <source>Lower it slowly, and lift again before it comes to rest.</source>
            <translation>Bájala despacio y vuelve a subirla antes de que se apoye.</translation>
        </message>
        <message>
            <source>The pelvis rolls backward.</source>
            <translation>La pelvis rueda hacia atrás.</translation>
        </message>
        <message>
            <source>The leg comes forward, so that the front of the hip does the work.</source>
            <translation>La pierna se va hacia delante y el trabajo lo hace la parte delantera de la cadera.</translation>
        </message>
        <message>
            <source>Lifting too high: the thigh rises by 25 to 40°, no further.</source>
            <translation>Subir demasiado: el muslo se eleva de 25 a 40°, no más.</translation>
        </message>
        <message>
            <source>1 set of {repetitions}</source>
            <translation>1 serie de {repetitions}</translation>
        </message>
        <message>
            <source>{sets} sets of {repetitions}</source>
            <translation>{sets} series de {repetitions}</translation>
        </message>
        <message>
            <source>hold {hold} s</source>
            <translation>aguanta {hold} s</translation>
        </message>
        <message>
            <source>1 hold of {hold} s</source>
            <translation>1 serie de {hold} s</translation>
        </message>
        <message>
            <source>{sets} holds of {hold} s</source>
            <translation>{sets} series de {hold} s</translation>
        </message>
        <message>
            <source>each side</source>
            <translation>por lado</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there are {more} more repetitions.</source>
            <translation>Los dos últimos días lo hiciste todo, así que hay {more} repeticiones más.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there is one more repetition.</source>
            <translation>Los dos últimos días lo hiciste todo, así que hay una repetición más.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so hold {more} s longer.</source>
            <translation>Los dos últimos días lo hiciste todo, así que aguanta {more} s más.</translation>
        </message>
        <message>
            <source>This has become easy. Next comes a band or a small weight; the repetitions start again.</source>
            <translation>Esto ya te resulta fácil. Ahora toca una banda o un peso pequeño; las repeticiones empiezan otra vez.</translation>
        </message>
        <message>
            <source>a band or a small weight</source>
            <translation>una banda o un peso pequeño</translation>
        </message>
        <message>
            <source>It hurt last time, so there is less today. Leave it out if it hurts again.</source>
            <translation>La última vez te dolió, así que hoy hay menos. Déjalo si vuelve a doler.</translation>
        </message>
        <message>
            <source>It hurt last time, and there is no smaller dose of this. Leave it out until you have asked somebody.</source>
            <translation>La última vez te dolió, y de esto no hay una dosis menor. Déjalo hasta que lo consultes.</translation>
        </message>
        <message>
            <source>At least one set.</source>
            <translation>Al menos una serie.</translation>
        </message>
        <message>
            <source>{sets} sets are a great many; two or three are usual.</source>
            <translation>{sets} series son muchísimas; lo habitual son dos o tres.</translation>
        </message>
        <message>
            <source>At least one repetition.</source>
            <translation>Al menos una repetición.</translation>
        </message>
        <message>
            <source>{repetitions} repetitions are a great many; 8 to 15 are usual.</source>
            <translation>{repetitions} repeticiones son muchísimas; lo habitual son de 8 a 15.</translation>
        </message>
        <message>
            <source>A hold of less than a second cannot be timed; put 0 for none.</source>
            <translation>Un aguante de menos de un segundo no se puede cronometrar; pon 0 si no lo hay.</translation>
        </message>
        <message>
            <source>{hold} seconds are very long; 2 to 30 are usual.</source>
            <translation>{hold} segundos son muchísimos; lo habitual son de 2 a 30.</translation>
        </message>
        <message>
            <source>The hold is not a number of seconds; 2 to 30 are usual.</source>
            <translation>El aguante no es un número de segundos; lo habitual son de 2 a 30.</translation>
        </message>
        <message>
            <source>This exercise alone takes about {minutes} minutes; a whole routine of ten is usual.</source>
            <translation>Solo este ejercicio lleva unos {minutes} minutos; lo habitual es una rutina completa de diez.</translation>
        </message>
        <message>
            <source>Two or three days a week are enough; muscles grow on the days between.</source>
            <translation>Bastan dos o tres días por semana; los músculos crecen en los días de en medio.</translation>
        </message>
        <message>
            <source>Come into the picture</source>
            <translation>Entra en la imagen</translation>
        </message>
        <message>
            <source>Please come into the picture.</source>
            <translation>Entra en la imagen, por favor.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>Solo una persona</translation>
        </message>
        <message>
            <source>Please, one person only in the picture.</source>
            <translation>Por favor, solo una persona en la imagen.</translation>
        </message>
        <message>
            <source>Whole body, please</source>
            <translation>De cuerpo entero</translation>
        </message>
        <message>
            <source>Please move so that your whole body is in the picture.</source>
            <translation>Por favor, muévete hasta que todo tu cuerpo esté en la imagen.</translation>
        </message>
        <message>
            <source>Lie on your back</source>
            <translation>Túmbate boca arriba</translation>
        </message>
        <message>
            <source>Please lie on your back, knees bent.</source>
            <translation>Por favor, túmbate boca arriba con las rodillas dobladas.</translation>
        </message>
        <message>
            <source>Lie on your side</source>
            <translation>Túmbate de lado</translation>
        </message>
        <message>
            <source>Please lie on your side.</source>
            <translation>Por favor, túmbate de lado.</translation>
        </message>
        <message>
            <source>Lie across the picture</source>
            <translation>Túmbate a lo ancho</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees you from the side.</source>
            <translation>Por favor, túmbate de forma que la cámara te vea de costado.</translation>
        </message>
        <message>
            <source>Face or feet to the camera</source>
            <translation>Cara o pies a la cámara</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees your front, or your feet from a little in front.</source>
            <translation>Por favor, túmbate de forma que la cámara te vea de frente, o desde los pies y un poco por delante.</translation>
        </message>
        <message>
            <source>Bend your knees</source>
            <translation>Dobla las rodillas</translation>
        </message>
        <message>
            <source>Please bend your knees, feet flat on the floor.</source>
            <translation>Por favor, dobla las rodillas y apoya bien los pies en el suelo.</translation>
        </message>
        <message>
            <source>Stretch one leg out</source>
            <translation>Estira una pierna</translation>
        </message>
        <message>
            <source>Please stretch one leg out.</source>
            <translation>Por favor, estira una pierna.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>Sube</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>Sube.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>Aguanta</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>Aguanta.</translation>
        </message>
        <message>
            <source>Lower slowly</source>
            <translation>Baja despacio</translation>
        </message>
        <message>
            <source>And lower slowly.</source>
            <translation>Y baja despacio.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminado</translation>
        </message>
        <message>
            <source>Done. Well done.</source>
            <translation>Terminado. Muy bien.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>La imagen está en negro</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>La imagen de la cámara está en negro. ¿Hay algo delante?</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>La imagen se ha congelado</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>La imagen de la cámara ya no se mueve.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>Sin imagen</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>La cámara no envía imágenes. Espera, por favor.</translation>
        </message>
        <message>
            <source>A little higher</source>
            <translation>Un poco más arriba</translation>
        </message>
        <message>
            <source>A little higher.</source>
            <translation>Un poco más arriba.</translation>
        </message>
        <message>
            <source>Not quite so high</source>
            <translation>No tan arriba</translation>
        </message>
        <message>
            <source>Not quite so high, and do not arch your lower back.</source>
            <translation>No tan arriba, y no arquees la zona lumbar.</translation>
        </message>
        <message>
            <source>Feet further away</source>
            <translation>Pies más lejos</translation>
        </message>
        <message>
            <source>Put your feet a little further away from you.</source>
            <translation>Aleja un poco los pies.</translation>
        </message>
        <message>
            <source>Feet closer</source>
            <translation>Pies más cerca</translation>
        </message>
        <message>
            <source>Put your feet a little closer to you.</source>
            <translation>Acerca un poco los pies.</translation>
        </message>
        <message>
            <source>The hip sinks: rest</source>
            <translation>La cadera cae: descansa</translation>
        </message>
        <message>
            <source>The hip sinks. Put the foot down and rest.</source>
            <translation>La cadera se cae. Apoya el pie y descansa.</translation>
        </message>
        <message>
            <source>Not so high</source>
            <translation>Menos altura</translation>
        </message>
        <message>
            <source>Not so high.</source>
            <translation>No tan alto.</translation>
        </message>
        <message>
            <source>Leg further back</source>
            <translation>Pierna más atrás</translation>
        </message>
        <message>
            <source>Take the leg a little further back.</source>
            <translation>Lleva la pierna un poco más atrás.</translation>
        </message>
        <message>
            <source>Leg less far back</source>
            <translation>Pierna menos atrás</translation>
        </message>
        <message>
            <source>Not quite so far back with the leg.</source>
            <translation>No lleves la pierna tan atrás.</translation>
        </message>
        <message>
            <source>Hips still, toes to the front</source>
            <translation>Cadera quieta, pie al frente</translation>
        </message>
        <message>
            <source>Roll your hips a little forward, and point your toes to the front.</source>
            <translation>Gira un poco la cadera hacia delante y apunta al frente con los dedos del pie.</translation>
        </message>
        <message>
            <source>Slower</source>
            <translation>Más despacio</translation>
        </message>
        <message>
            <source>Slower, please.</source>
            <translation>Más despacio, por favor.</translation>
        </message>
    </context>
</TS>
