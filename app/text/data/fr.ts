<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
    <context>
        <name>vision.atomic_write</name>
        <message>
            <source>it is a folder</source>
            <translation>c’est un dossier</translation>
        </message>
    </context>
    <context>
        <name>vision.camera.capture</name>
        <message>
            <source>No camera was found.</source>
            <translation>Aucune caméra n’a été trouvée.</translation>
        </message>
        <message>
            <source>Connect one and try again, or open a photograph instead.</source>
            <translation>Branchez-en une et réessayez, ou ouvrez plutôt une photo.</translation>
        </message>
        <message>
            <source>This camera is not connected.</source>
            <translation>Cette caméra n’est pas branchée.</translation>
        </message>
        <message>
            <source>Connect it and try again, or choose another one.</source>
            <translation>Branchez-la et réessayez, ou choisissez-en une autre.</translation>
        </message>
        <message>
            <source>The camera cannot be opened.</source>
            <translation>La caméra ne peut pas être ouverte.</translation>
        </message>
        <message>
            <source>Close other programs that use it, allow this program to use it in the settings of your computer, then try again.</source>
            <translation>Fermez les autres programmes qui l’utilisent, autorisez ce programme à l’utiliser dans les réglages de votre ordinateur, puis réessayez.</translation>
        </message>
        <message>
            <source>The camera sends no pictures any more.</source>
            <translation>La caméra n’envoie plus d’images.</translation>
        </message>
        <message>
            <source>Check its cable and that no other program took it over, then try again.</source>
            <translation>Vérifiez son câble et qu’aucun autre programme ne l’a prise, puis réessayez.</translation>
        </message>
        <message>
            <source>There is no such film.</source>
            <translation>Cette vidéo n’existe pas.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>Vérifiez le nom et le dossier où elle devrait se trouver.</translation>
        </message>
        <message>
            <source>The film cannot be played.</source>
            <translation>La vidéo ne peut pas être lue.</translation>
        </message>
        <message>
            <source>Choose one saved as MP4 or AVI.</source>
            <translation>Choisissez-en une enregistrée au format MP4 ou AVI.</translation>
        </message>
        <message>
            <source>Nothing answers at this address.</source>
            <translation>Rien ne répond à cette adresse.</translation>
        </message>
        <message>
            <source>Check the address, and that the camera there is on and in the same network.</source>
            <translation>Vérifiez l’adresse, et que la caméra est bien allumée et sur le même réseau.</translation>
        </message>
        <message>
            <source>The camera wants a name and a password.</source>
            <translation>La caméra demande un nom et un mot de passe.</translation>
        </message>
        <message>
            <source>Type the address again with both in it, such as http://NAME:PASSWORD@192.168.0.20/video.</source>
            <translation>Tapez l’adresse de nouveau avec les deux dedans, par exemple http://NOM:MOTDEPASSE@192.168.0.20/video.</translation>
        </message>
        <message>
            <source>There are no pictures to be had at this address.</source>
            <translation>Il n’y a pas d’images à cette adresse.</translation>
        </message>
        <message>
            <source>Look in the camera's settings for the address of its MJPEG or RTSP stream.</source>
            <translation>Cherchez dans les réglages de la caméra l’adresse de son flux MJPEG ou RTSP.</translation>
        </message>
        <message>
            <source>The camera's pictures are damaged or far too large.</source>
            <translation>Les images de la caméra sont endommagées ou beaucoup trop grandes.</translation>
        </message>
        <message>
            <source>Choose smaller pictures in the camera's settings, then start the camera again.</source>
            <translation>Choisissez des images plus petites dans les réglages de la caméra, puis redémarrez-la.</translation>
        </message>
        <message>
            <source>The camera has stopped sending new pictures.</source>
            <translation>La caméra n’envoie plus de nouvelles images.</translation>
        </message>
        <message>
            <source>Wait a moment; if none come, check its cable or its network.</source>
            <translation>Patientez un instant ; si rien ne vient, vérifiez son câble ou son réseau.</translation>
        </message>
        <message>
            <source>The camera's picture is black.</source>
            <translation>L’image de la caméra est noire.</translation>
        </message>
        <message>
            <source>Take the cover off the lens, and switch on a light.</source>
            <translation>Retirez le cache de l’objectif et allumez une lumière.</translation>
        </message>
        <message>
            <source>The camera sends the same picture again and again.</source>
            <translation>La caméra envoie toujours la même image.</translation>
        </message>
        <message>
            <source>If it does not recover by itself, unplug the camera and plug it in again, or start the camera app again.</source>
            <translation>Si cela ne s’arrange pas tout seul, débranchez la caméra et rebranchez-la, ou redémarrez l’application de la caméra.</translation>
        </message>
        <message>
            <source>The film has ended.</source>
            <translation>La vidéo est terminée.</translation>
        </message>
        <message>
            <source>Start it again.</source>
            <translation>Relancez-la.</translation>
        </message>
        <message>
            <source>There is no camera with the number {number}.</source>
            <translation>Il n’y a pas de caméra numéro {number}.</translation>
        </message>
        <message>
            <source>There is no camera and no film called '{name}'.</source>
            <translation>Aucune caméra ni vidéo ne s’appelle « {name} ».</translation>
        </message>
        <message>
            <source>Several cameras have a name that begins with '{name}'.</source>
            <translation>Plusieurs caméras ont un nom qui commence par « {name} ».</translation>
        </message>
        <message>
            <source>No camera is connected; connect one, or give a film or the address of a stream.</source>
            <translation>Aucune caméra n’est branchée ; branchez-en une, ou indiquez une vidéo ou l’adresse d’un flux.</translation>
        </message>
        <message>
            <source>Connected: {cameras}.</source>
            <translation>Caméras branchées : {cameras}.</translation>
        </message>
    </context>
    <context>
        <name>vision.marks.points</name>
        <message>
            <source>The ASIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>Le point avant (EIAS) ({x:g}, {y:g}) est en dehors de l’image.</translation>
        </message>
        <message>
            <source>The PSIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>Le point arrière (EIPS) ({x:g}, {y:g}) est en dehors de l’image.</translation>
        </message>
        <message>
            <source>The ASIS point and the PSIS point are the same.</source>
            <translation>Le point avant (EIAS) et le point arrière (EIPS) sont au même endroit.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back.</source>
            <translation>Marquez la pointe osseuse à l’avant et la fossette à l’arrière.</translation>
        </message>
        <message>
            <source>An end of the vertical ({x:g}, {y:g}) is outside the picture.</source>
            <translation>Une extrémité de la verticale ({x:g}, {y:g}) est en dehors de l’image.</translation>
        </message>
        <message>
            <source>Both ends of the vertical are the same point.</source>
            <translation>Les deux extrémités de la verticale sont au même endroit.</translation>
        </message>
        <message>
            <source>Give two points on something plumb, such as a door frame.</source>
            <translation>Indiquez deux points sur un élément d’aplomb, comme un cadre de porte.</translation>
        </message>
        <message>
            <source>The vertical leans by {angle:.0f} degrees, too far to be plumb.</source>
            <translation>La verticale penche de {angle:.0f} degrés, trop pour être d’aplomb.</translation>
        </message>
        <message>
            <source>The picture is {width} pixels wide and {height} high.</source>
            <translation>L’image fait {width} pixels de large et {height} de haut.</translation>
        </message>
    </context>
    <context>
        <name>vision.model_files</name>
        <message>
            <source>Install Beltline again.</source>
            <translation>Réinstallez Beltline.</translation>
        </message>
        <message>
            <source>The model file {name} is not in the list of tested models.</source>
            <translation>Le fichier de modèle {name} n’est pas dans la liste des modèles testés.</translation>
        </message>
        <message>
            <source>The model file {name} is missing or cannot be read.</source>
            <translation>Le fichier de modèle {name} manque ou ne peut pas être lu.</translation>
        </message>
        <message>
            <source>The model file {name} is damaged.</source>
            <translation>Le fichier de modèle {name} est endommagé.</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.build</name>
        <message>
            <source>from marked points</source>
            <translation>d’après les points marqués</translation>
        </message>
        <message>
            <source>from the stickers</source>
            <translation>d’après les pastilles</translation>
        </message>
        <message>
            <source>from the body outline</source>
            <translation>d’après le contour</translation>
        </message>
        <message>
            <source>from the body outline, calibrated</source>
            <translation>d’après le contour, étalonné</translation>
        </message>
        <message>
            <source>the belt line, not the pelvis</source>
            <translation>ligne de ceinture, pas le bassin</translation>
        </message>
        <message>
            <source>No number</source>
            <translation>Pas de chiffre</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>point avant</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>point arrière</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.raster</name>
        <message>
            <source>Give a file name that ends in .png, .jpg or .webp.</source>
            <translation>Donnez un nom de fichier qui se termine par .png, .jpg ou .webp.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': the name does not say which format.</source>
            <translation>L’image avec la mesure ne peut pas être écrite dans « {out} » : le nom n’indique pas le format.</translation>
        </message>
        <message>
            <source>the file is read-only</source>
            <translation>le fichier est en lecture seule</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>Choisissez un nom dans un dossier qui existe, où vous avez le droit d’écrire et dont le disque a de la place.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': {why}.</source>
            <translation>L’image avec la mesure ne peut pas être écrite dans « {out} » : {why}.</translation>
        </message>
    </context>
    <context>
        <name>vision.pipeline</name>
        <message>
            <source>Nobody was found at the place that was chosen.</source>
            <translation>Personne n’a été trouvé à l’endroit choisi.</translation>
        </message>
        <message>
            <source>Choose a place on a person's body.</source>
            <translation>Choisissez un endroit sur le corps d’une personne.</translation>
        </message>
        <message>
            <source>The method needs the two bony points.</source>
            <translation>Cette méthode a besoin des deux pointes osseuses.</translation>
        </message>
        <message>
            <source>Give both the ASIS and the PSIS point.</source>
            <translation>Indiquez les deux points, avant (EIAS) et arrière (EIPS).</translation>
        </message>
        <message>
            <source>Stickers cannot be asked for.</source>
            <translation>Les pastilles ne peuvent pas être demandées.</translation>
        </message>
        <message>
            <source>They are used by themselves wherever two are seen.</source>
            <translation>Elles sont utilisées d’elles-mêmes dès que deux sont visibles.</translation>
        </message>
    </context>
    <context>
        <name>vision.reasons</name>
        <message>
            <source>Nobody could be found in the picture.</source>
            <translation>Personne n’a été trouvé sur l’image.</translation>
        </message>
        <message>
            <source>Stand side-on with your whole body in the picture, your face not covered, in good light.</source>
            <translation>Placez-vous de profil, le corps entier dans l’image, le visage dégagé, sous un bon éclairage.</translation>
        </message>
        <message>
            <source>There are {} people of similar size in the picture.</source>
            <translation>Il y a {} personnes de taille semblable sur l’image.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, and no mirror in view.</source>
            <translation>Prenez la photo avec une seule personne et sans miroir dans le champ.</translation>
        </message>
        <message>
            <source>The person you chose touches somebody else in the picture, or stands too close.</source>
            <translation>La personne choisie touche quelqu’un d’autre sur l’image, ou se tient trop près.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, or with a clear gap between people.</source>
            <translation>Prenez la photo avec une seule personne, ou en laissant un espace net entre les personnes.</translation>
        </message>
        <message>
            <source>The person does not seem to stand upright on straight legs, with both feet side by side.</source>
            <translation>La personne ne semble pas se tenir droite, jambes tendues et pieds côte à côte.</translation>
        </message>
        <message>
            <source>Stand relaxed and side-on, both knees straight, both feet side by side on the floor.</source>
            <translation>Tenez-vous de profil, sans forcer, genoux tendus, les deux pieds côte à côte au sol.</translation>
        </message>
        <message>
            <source>The picture seems to be turned on its side or upside down.</source>
            <translation>L’image semble couchée sur le côté ou à l’envers.</translation>
        </message>
        <message>
            <source>Turn the picture so that the feet are at the bottom, then try again.</source>
            <translation>Tournez l’image pour que les pieds soient en bas, puis réessayez.</translation>
        </message>
        <message>
            <source>Part of the body is outside the picture.</source>
            <translation>Une partie du corps est hors de l’image.</translation>
        </message>
        <message>
            <source>Step back until everything from the head to the feet is in the picture.</source>
            <translation>Reculez jusqu’à ce que tout le corps, de la tête aux pieds, soit dans l’image.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>Le corps est tourné d’environ {} degrés par rapport au profil.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>Tournez-vous jusqu’à ce qu’une épaule pointe droit vers l’appareil.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees, so the camera was probably tilted.</source>
            <translation>Tout le corps penche d’environ {} degrés : l’appareil était probablement incliné.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>Tenez l’appareil bien droit, ou marquez un élément vertical, comme un cadre de porte.</translation>
        </message>
        <message>
            <source>The person is too small in the picture: {} pixels from hip to shoulder.</source>
            <translation>La personne est trop petite sur l’image : {} pixels de la hanche à l’épaule.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>Approchez-vous ou augmentez la résolution : l’idéal est d’au moins 200 pixels.</translation>
        </message>
        <message>
            <source>The picture is too dark.</source>
            <translation>L’image est trop sombre.</translation>
        </message>
        <message>
            <source>Turn on more light and keep it in front of the person, not behind.</source>
            <translation>Ajoutez de la lumière, devant la personne et non derrière elle.</translation>
        </message>
        <message>
            <source>The picture is blurred.</source>
            <translation>L’image est floue.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm, stand still and use more light.</source>
            <translation>Posez l’appareil sur un support stable, ne bougez pas et ajoutez de la lumière.</translation>
        </message>
        <message>
            <source>The two marked points do not lie on the pelvis of the person found.</source>
            <translation>Les deux points marqués ne sont pas sur le bassin de la personne trouvée.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back once more.</source>
            <translation>Marquez de nouveau la pointe osseuse à l’avant et la fossette à l’arrière.</translation>
        </message>
        <message>
            <source>No belt line can be seen in the picture.</source>
            <translation>Aucune ligne de ceinture n’est visible sur l’image.</translation>
        </message>
        <message>
            <source>Tuck the top in, or wear a belt or trousers of another colour than the top.</source>
            <translation>Rentrez votre haut, ou portez une ceinture ou un pantalon d’une autre couleur que le haut.</translation>
        </message>
        <message>
            <source>The angles lie up to {} degrees apart, too far for repeats of one stance.</source>
            <translation>L’écart entre les angles atteint {} degrés : c’est trop pour les répétitions d’une même position debout.</translation>
        </message>
        <message>
            <source>Each time, march five steps on the spot, stand relaxed, look ahead, breathe out; same arms and clothes, camera on something firm.</source>
            <translation>À chaque fois, faites cinq pas sur place, relâchez-vous, regardez devant vous, expirez ; bras placés pareil, mêmes vêtements, appareil sur un support stable.</translation>
        </message>
        <message>
            <source>The photographs were measured in different ways, which cannot be put together.</source>
            <translation>Les photos ont été mesurées de manières différentes, que l’on ne peut pas réunir.</translation>
        </message>
        <message>
            <source>Measure all of them in the same way, for example from the outline of the body.</source>
            <translation>Mesurez-les toutes de la même manière, par exemple d’après le contour du corps.</translation>
        </message>
        <message>
            <source>Fewer than two different photographs could be measured.</source>
            <translation>Moins de deux photos différentes ont pu être mesurées.</translation>
        </message>
        <message>
            <source>Take two or more pictures of the same stance; five are best.</source>
            <translation>Prenez au moins deux photos de la même position debout ; l’idéal est cinq.</translation>
        </message>
        <message>
            <source>The clothing seems too loose to calibrate by.</source>
            <translation>Les vêtements semblent trop amples pour servir à l’étalonnage.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>Portez des vêtements près du corps à la taille et aux hanches.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour.</source>
            <translation>On voit sur le bassin quelque chose comme une pastille de couleur, mais pas exactement deux d’une même couleur.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>Montrez deux pastilles de la même couleur, l’une sur la pointe osseuse à l’avant, l’autre sur la fossette à l’arrière.</translation>
        </message>
        <message>
            <source>Nothing in the picture shows where the bones are.</source>
            <translation>Rien sur l’image n’indique où sont les os.</translation>
        </message>
        <message>
            <source>Put a sticker on the bony point at the front and one of the same colour on the dimple at the back, or mark both points.</source>
            <translation>Collez une pastille sur la pointe osseuse à l’avant et une autre, de la même couleur, sur la fossette à l’arrière, ou marquez les deux points.</translation>
        </message>
        <message>
            <source>The pictures do not agree: what they say differs by up to {} degrees.</source>
            <translation>Les images ne concordent pas : l’écart entre leurs résultats atteint {} degrés.</translation>
        </message>
        <message>
            <source>See that all of them show the same person with both marks on the bones, and take them again.</source>
            <translation>Vérifiez qu’elles montrent toutes la même personne, avec les deux repères sur les os, puis refaites-les.</translation>
        </message>
        <message>
            <source>The marks and the outline of the body differ by {} degrees, more than in any body.</source>
            <translation>L’écart entre les repères et le contour du corps est de {} degrés, plus que sur n’importe quel corps.</translation>
        </message>
        <message>
            <source>See that one mark is on the bony point at the front and the other on the dimple at the back, and take the picture again.</source>
            <translation>Vérifiez qu’un repère est sur la pointe osseuse à l’avant et l’autre sur la fossette à l’arrière, puis refaites la photo.</translation>
        </message>
        <message>
            <source>The pictures were taken up to {} days apart, and a body changes.</source>
            <translation>Jusqu’à {} jours séparent les photos, et un corps change.</translation>
        </message>
        <message>
            <source>Use pictures of one day.</source>
            <translation>Utilisez des photos prises le même jour.</translation>
        </message>
        <message>
            <source>No clear movement of the pelvis was seen between tucked and arched.</source>
            <translation>Aucun mouvement net du bassin n’a été vu entre la position rentrée et la position cambrée.</translation>
        </message>
        <message>
            <source>Arch and tuck as far as is comfortable, and hold each position for two seconds.</source>
            <translation>Cambrez puis rentrez le bassin aussi loin que cela reste confortable, et tenez chaque position deux secondes.</translation>
        </message>
        <message>
            <source>The pelvis was tilted further forward when tucked than when arched.</source>
            <translation>Le bassin basculait davantage vers l’avant en position rentrée qu’en position cambrée.</translation>
        </message>
        <message>
            <source>To arch, stick your bottom out; to tuck, pull your bottom under.</source>
            <translation>Pour cambrer, sortez les fesses ; pour rentrer le bassin, ramenez les fesses sous vous.</translation>
        </message>
        <message>
            <source>Not all three positions could be measured: tucked, relaxed and arched.</source>
            <translation>Les trois positions n’ont pas toutes pu être mesurées : rentrée, relâchée et cambrée.</translation>
        </message>
        <message>
            <source>Take a new picture of each position that is missing.</source>
            <translation>Refaites une photo de chaque position qui manque.</translation>
        </message>
        <message>
            <source>The test ended before two rounds were complete.</source>
            <translation>Le test s’est arrêté avant la fin des deux tours.</translation>
        </message>
        <message>
            <source>Stay side-on in the picture until the test says that it is done.</source>
            <translation>Restez de profil dans l’image jusqu’à ce que le test annonce la fin.</translation>
        </message>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>Il y a quelqu’un d’autre sur l’image ; la personne la plus grande a été mesurée.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>Prenez la photo avec une seule personne.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>Il y a d’autres personnes sur l’image ; celle que vous avez choisie a été mesurée.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>Les pieds ne sont pas entièrement dans l’image.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>Reculez jusqu’à ce que les pieds soient dans l’image.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>Tout le corps penche d’environ {} degrés ; l’appareil était peut-être incliné.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>La personne est plutôt petite sur l’image : {} pixels de la hanche à l’épaule.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>L’image est plutôt sombre.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>Ajoutez de la lumière.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>L’image est un peu floue.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>Posez l’appareil sur un support stable et ne bougez pas.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>Un bras ou une main cache une partie du bassin.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>Posez les poings sur les clavicules.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>Les vêtements semblent amples, ce qui cache le contour du corps.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>La tête n’était pas visible, ce qui rend l’angle moins sûr.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>Montrez aussi la tête si possible ; vous pourrez masquer le visage sur l’image ensuite.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>On a supposé que l’appareil était droit.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>Un appareil incliné fausse l’angle d’autant ; pour plus d’exactitude, marquez un élément vertical, comme un cadre de porte.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>On voit sur le bassin quelque chose comme une pastille de couleur, mais pas exactement deux d’une même couleur ; il n’en a pas été tenu compte.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>L’appareil était à environ {} cm au-dessus des hanches.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>Placez-le à hauteur des hanches.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>L’appareil était à environ {} cm au-dessous des hanches.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>La même image figure plusieurs fois ; elle n’a été comptée qu’une fois.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>Prenez une nouvelle photo pour chaque répétition, et éloignez-vous entre-temps.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>L’étalonnage date de plus d’un an.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>Refaites l’étalonnage maintenant, puis chaque fois que votre poids a beaucoup changé.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>L’étalonnage vient d’une version antérieure de Beltline et n’a pas été utilisé.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>Refaites l’étalonnage.</translation>
        </message>
        <message>
            <source>There is no such file.</source>
            <translation>Ce fichier n’existe pas.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>Vérifiez le nom et le dossier où il devrait se trouver.</translation>
        </message>
        <message>
            <source>This is a folder, not a photograph.</source>
            <translation>C’est un dossier, pas une photo.</translation>
        </message>
        <message>
            <source>Choose a photograph inside it.</source>
            <translation>Choisissez une photo qui s’y trouve.</translation>
        </message>
        <message>
            <source>This is not an ordinary file.</source>
            <translation>Ce n’est pas un fichier ordinaire.</translation>
        </message>
        <message>
            <source>Choose a photograph that is saved on a disk.</source>
            <translation>Choisissez une photo enregistrée sur un disque.</translation>
        </message>
        <message>
            <source>You do not have permission to read this file.</source>
            <translation>Vous n’avez pas le droit de lire ce fichier.</translation>
        </message>
        <message>
            <source>Allow reading it in its properties, or copy it into a folder of your own.</source>
            <translation>Autorisez sa lecture dans ses propriétés, ou copiez-le dans un dossier à vous.</translation>
        </message>
        <message>
            <source>The file cannot be opened.</source>
            <translation>Le fichier ne peut pas être ouvert.</translation>
        </message>
        <message>
            <source>Copy it to a folder on this computer and try again.</source>
            <translation>Copiez-le dans un dossier de cet ordinateur et réessayez.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>Le fichier est vide.</translation>
        </message>
        <message>
            <source>Copy it again from the phone or camera.</source>
            <translation>Copiez-le de nouveau depuis le téléphone ou l’appareil photo.</translation>
        </message>
        <message>
            <source>The file is not a picture of a kind that can be read.</source>
            <translation>Ce fichier n’est pas une image d’un format lisible.</translation>
        </message>
        <message>
            <source>Choose a photograph saved as JPEG, PNG, WebP, TIFF or HEIC.</source>
            <translation>Choisissez une photo enregistrée en JPEG, PNG, WebP, TIFF ou HEIC.</translation>
        </message>
        <message>
            <source>The file is a film, not a photograph.</source>
            <translation>Ce fichier est une vidéo, pas une photo.</translation>
        </message>
        <message>
            <source>Save one picture of it as JPEG or PNG and choose that.</source>
            <translation>Enregistrez-en une image en JPEG ou PNG et choisissez celle-ci.</translation>
        </message>
        <message>
            <source>The file holds moving pictures, not one photograph.</source>
            <translation>Ce fichier contient des images animées, pas une seule photo.</translation>
        </message>
        <message>
            <source>The picture is damaged or incomplete.</source>
            <translation>L’image est endommagée ou incomplète.</translation>
        </message>
        <message>
            <source>Copy or download it again, or save it again as JPEG or PNG.</source>
            <translation>Copiez-la ou téléchargez-la de nouveau, ou enregistrez-la de nouveau en JPEG ou PNG.</translation>
        </message>
        <message>
            <source>Save it smaller, for example 4000 pixels along its longer side.</source>
            <translation>Enregistrez-la en plus petit, par exemple avec 4000 pixels sur son plus long côté.</translation>
        </message>
        <message>
            <source>The picture is too large: {width} by {height} pixels, and at most {most} megapixels can be read.</source>
            <translation>L’image est trop grande : {width} sur {height} pixels, alors que {most} mégapixels au plus peuvent être lus.</translation>
        </message>
        <message>
            <source>The picture is too large to be read into memory.</source>
            <translation>L’image est trop grande pour être chargée en mémoire.</translation>
        </message>
        <message>
            <source>Save it smaller, for example as a JPEG with 4000 pixels along its longer side.</source>
            <translation>Enregistrez-la en plus petit, par exemple en JPEG avec 4000 pixels sur son plus long côté.</translation>
        </message>
    </context>
    <context>
        <name>vision.result</name>
        <message>
            <source>forward</source>
            <translation>vers l’avant</translation>
        </message>
        <message>
            <source>backward</source>
            <translation>vers l’arrière</translation>
        </message>
        <message>
            <source>lower</source>
            <translation>plus bas</translation>
        </message>
        <message>
            <source>higher</source>
            <translation>plus haut</translation>
        </message>
        <message>
            <source>{angle}° {direction} ({interval})</source>
            <translation>{angle}° {direction} ({interval})</translation>
        </message>
        <message>
            <source>{angle}° {direction} in front ({interval})</source>
            <translation>{angle}° {direction} à l’avant ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0° horizontal ({interval})</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>{first} à {last}</translation>
        </message>
    </context>
    <context>
        <name>app.errors</name>
        <message>
            <source>On Debian or Ubuntu, install libgl1, libegl1, libgles2 and libglib2.0-0; else install Beltline again.</source>
            <translation>Sous Debian ou Ubuntu, installez libgl1, libegl1, libgles2 et libglib2.0-0 ; sinon, réinstallez Beltline.</translation>
        </message>
        <message>
            <source>A library that measuring needs cannot be loaded ({error}).</source>
            <translation>Une bibliothèque nécessaire à la mesure ne peut pas être chargée ({error}).</translation>
        </message>
        <message>
            <source>Start the reminder by hand, or try again later.</source>
            <translation>Lancez le rappel à la main, ou réessayez plus tard.</translation>
        </message>
        <message>
            <source>What starts with your session could not be changed ({why}).</source>
            <translation>Ce qui démarre à l’ouverture de session n’a pas pu être modifié ({why}).</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.sharing_text</name>
        <message>
            <source>Save list as file…</source>
            <translation>Enregistrer la liste dans un fichier…</translation>
        </message>
        <message>
            <source>Open list…</source>
            <translation>Ouvrir une liste…</translation>
        </message>
        <message>
            <source>One file with the exercises, their sets and pictures, to give to somebody</source>
            <translation>Un seul fichier avec les exercices, leurs séries et leurs images, à donner à quelqu’un</translation>
        </message>
        <message>
            <source>Look at a list that somebody gave you as a file; nothing changes until you say so</source>
            <translation>Regarder une liste reçue dans un fichier ; rien ne change sans votre accord</translation>
        </message>
        <message>
            <source>Lists of exercises (*{suffix})</source>
            <translation>Listes d’exercices (*{suffix})</translation>
        </message>
        <message>
            <source>exercises</source>
            <translation>exercices</translation>
        </message>
        <message>
            <source>Your list is in the file now: {contents}.</source>
            <translation>Votre liste est maintenant dans le fichier : {contents}.</translation>
        </message>
        <message>
            <source>{exercises}, {pictures}</source>
            <translation>{exercises}, {pictures}</translation>
        </message>
        <message numerus="yes">
            <source>{count} exercises</source>
            <translation>
                <numerusform>{count} exercice</numerusform>
                <numerusform>{count} exercices</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>{count} image</numerusform>
                <numerusform>{count} images</numerusform>
            </translation>
        </message>
        <message>
            <source>A list from a file</source>
            <translation>Une liste venue d’un fichier</translation>
        </message>
        <message>
            <source>From {practice}, {day}</source>
            <translation>De {practice}, {day}</translation>
        </message>
        <message>
            <source>No practice is named. Made on {day}</source>
            <translation>Aucun cabinet n’est nommé. Liste faite le {day}</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of yours. Undo brings yours back.</source>
            <translation>Si vous utilisez cette liste, elle remplace la vôtre. « Annuler » fait revenir la vôtre.</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of the usual routine.</source>
            <translation>Si vous utilisez cette liste, elle remplace le programme habituel.</translation>
        </message>
        <message>
            <source>Use it only if you know who made it, and stop when something hurts.</source>
            <translation>Ne l’utilisez que si vous savez qui l’a faite, et arrêtez si quelque chose fait mal.</translation>
        </message>
        <message>
            <source>Use this list</source>
            <translation>Utiliser cette liste</translation>
        </message>
        <message>
            <source>Leave everything as it is</source>
            <translation>Tout laisser tel quel</translation>
        </message>
        <message>
            <source>Your list is now the one from the file.</source>
            <translation>Votre liste est maintenant celle du fichier.</translation>
        </message>
        <message>
            <source>Took over a list from a file</source>
            <translation>Liste reprise d’un fichier</translation>
        </message>
        <message>
            <source>How: {how}</source>
            <translation>Comment : {how}</translation>
        </message>
        <message>
            <source>Use this list in place of the one of {name}?</source>
            <translation>Utiliser cette liste à la place de celle de {name} ?</translation>
        </message>
        <message>
            <source>Nothing was changed.</source>
            <translation>Rien n’a été changé.</translation>
        </message>
        <message>
            <source>{name} has this list now: {contents}.</source>
            <translation>{name} a maintenant cette liste : {contents}.</translation>
        </message>
        <message>
            <source>The one before comes back with: beltline exercises undo.</source>
            <translation>La précédente revient avec : beltline exercises undo.</translation>
        </message>
        <message>
            <source>{name} has no list, and the usual routine needs no file.</source>
            <translation>{name} n’a pas de liste, et le programme habituel n’a pas besoin de fichier.</translation>
        </message>
        <message>
            <source>Type one in on the Exercises page, or take one over with: beltline exercises import.</source>
            <translation>Saisissez-en une sur la page Exercices, ou reprenez-en une avec : beltline exercises import.</translation>
        </message>
        <message>
            <source>The newest list of {name} is in the bin; what was used before is used again.</source>
            <translation>La liste la plus récente de {name} est dans la corbeille ; ce qui servait avant sert de nouveau.</translation>
        </message>
        <message>
            <source>{name} has no list that could be taken back.</source>
            <translation>{name} n’a aucune liste à retirer.</translation>
        </message>
        <message>
            <source>{contents} written to {path}</source>
            <translation>Écrit dans {path} : {contents}</translation>
        </message>
        <message>
            <source>{number}. {name}: {dose}</source>
            <translation>{number}. {name} : {dose}</translation>
        </message>
        <message>
            <source>{line}, with a picture</source>
            <translation>{line}, avec une image</translation>
        </message>
        <message>
            <source>The list cannot be written to '{path}' ({why}).</source>
            <translation>La liste ne peut pas être écrite dans « {path} » ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no list of exercises of Beltline's.</source>
            <translation>Le fichier « {name} » n’est pas une liste d’exercices de Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>Choisissez un fichier {suffix} écrit par Beltline.</translation>
        </message>
        <message>
            <source>The list in '{name}' was made by a newer version of Beltline.</source>
            <translation>La liste de « {name} » vient d’une version plus récente de Beltline.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then open it again.</source>
            <translation>Installez la version la plus récente de Beltline, puis ouvrez-la de nouveau.</translation>
        </message>
        <message>
            <source>The file '{name}' is larger than any list of exercises that Beltline writes.</source>
            <translation>Le fichier « {name} » est plus grand que toute liste d’exercices écrite par Beltline.</translation>
        </message>
        <message>
            <source>The list in '{name}' is damaged or was changed, so nothing was taken from it.</source>
            <translation>La liste de « {name} » est endommagée ou a été modifiée ; rien n’en a été repris.</translation>
        </message>
        <message>
            <source>Ask whoever made it to send it once more.</source>
            <translation>Demandez à la personne qui l’a faite de la renvoyer.</translation>
        </message>
        <message>
            <source>The name '{path}' does not say that a list of exercises is to be written.</source>
            <translation>Le nom « {path} » ne dit pas qu’il faut écrire une liste d’exercices.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffix}.</source>
            <translation>Donnez un nom qui se termine par {suffix}.</translation>
        </message>
        <message>
            <source>The list has {count} exercises, and a file takes at most {most}.</source>
            <translation>La liste a {count} exercices, et un fichier en prend au plus {most}.</translation>
        </message>
        <message>
            <source>Make two lists of it.</source>
            <translation>Faites-en deux listes.</translation>
        </message>
        <message>
            <source>Something in the list makes no sense, so nobody could open the file.</source>
            <translation>Quelque chose dans la liste n’a pas de sens, et personne ne pourrait ouvrir le fichier.</translation>
        </message>
        <message>
            <source>Open the list in the editor, look at the lines with a remark, and save it there.</source>
            <translation>Ouvrez la liste avec « Modifier la liste », regardez les lignes accompagnées d’une remarque, puis enregistrez-la.</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.text</name>
        <message>
            <source>Exercises</source>
            <translation>Exercices</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>Back (Escape)</source>
            <translation>Retour (Échap)</translation>
        </message>
        <message>
            <source>Stop, and see what to do when something hurts (H)</source>
            <translation>Arrêter et voir que faire en cas de douleur (H)</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Lecture…</translation>
        </message>
        <message>
            <source>Before you exercise</source>
            <translation>Avant les exercices</translation>
        </message>
        <message>
            <source>Please read all of these and tick what is true for you now. Your answers stay on this computer. You will be asked again in four weeks.</source>
            <translation>Lisez toute la liste et cochez ce qui est vrai pour vous aujourd’hui. Vos réponses restent sur cet ordinateur. La question vous sera reposée dans quatre semaines.</translation>
        </message>
        <message>
            <source>These matter most</source>
            <translation>Le plus important</translation>
        </message>
        <message>
            <source>These matter too</source>
            <translation>Important aussi</translation>
        </message>
        <message>
            <source>And these</source>
            <translation>Et encore</translation>
        </message>
        <message>
            <source>None of these</source>
            <translation>Rien de tout cela</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>Say that none of these is true for you</source>
            <translation>Indiquer que rien de tout cela n’est vrai pour vous</translation>
        </message>
        <message>
            <source>You ticked:</source>
            <translation>Vous avez coché :</translation>
        </message>
        <message>
            <source>Answer again</source>
            <translation>Répondre à nouveau</translation>
        </message>
        <message>
            <source>I have asked, and I may exercise</source>
            <translation>J’ai demandé, je peux m’exercer</translation>
        </message>
        <message>
            <source>Breaks from sitting, your history and the page “See someone” stay open to you meanwhile.</source>
            <translation>En attendant, les pauses, votre historique et la page « Consulter » vous restent ouverts.</translation>
        </message>
        <message>
            <source>You answered the questions before exercising on {when}.</source>
            <translation>Vous avez répondu aux questions d’avant les exercices le {when}.</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Aujourd’hui</translation>
        </message>
        <message numerus="yes">
            <source>About {count} minutes in all.</source>
            <translation>
                <numerusform>Environ {count} minute en tout.</numerusform>
                <numerusform>Environ {count} minutes en tout.</numerusform>
            </translation>
        </message>
        <message>
            <source>Just under ten minutes in all.</source>
            <translation>Un peu moins de dix minutes en tout.</translation>
        </message>
        <message>
            <source>Another day: {names}. Ten minutes at a time are enough.</source>
            <translation>Un autre jour : {names}. Dix minutes à la fois suffisent.</translation>
        </message>
        <message>
            <source>This is your own list.</source>
            <translation>C’est votre propre liste.</translation>
        </message>
        <message>
            <source>You have done all of today's sets. That is what counts.</source>
            <translation>Vous avez fait toutes les séries du jour. C’est ce qui compte.</translation>
        </message>
        <message>
            <source>{done} of {wanted} sets done today</source>
            <translation>Séries faites aujourd’hui : {done} sur {wanted}</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Ouvrir</translation>
        </message>
        <message>
            <source>Get ready</source>
            <translation>Se préparer</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>It hurt on {when}: leave it out until you have asked somebody, or continue with less.</source>
            <translation>Cela a fait mal le {when} : laissez cet exercice de côté tant que vous n’avez pas demandé conseil, ou continuez en en faisant moins.</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>Autotest</translation>
        </message>
        <message>
            <source>Can you squeeze both sides of your buttocks, and each side by itself?</source>
            <translation>Pouvez-vous contracter les deux fessiers, et chaque côté séparément ?</translation>
        </message>
        <message>
            <source>Last answered on {when}.</source>
            <translation>Dernière réponse le {when}.</translation>
        </message>
        <message>
            <source>Do the self-check</source>
            <translation>Faire l’autotest</translation>
        </message>
        <message>
            <source>Your own list</source>
            <translation>Votre propre liste</translation>
        </message>
        <message>
            <source>Type in what a physiotherapist gave you; it replaces the usual routine.</source>
            <translation>Saisissez ce qu’un kinésithérapeute vous a donné ; cela remplace le programme habituel.</translation>
        </message>
        <message>
            <source>Change the list</source>
            <translation>Modifier la liste</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>Consulter</translation>
        </message>
        <message>
            <source>How to prepare for a physiotherapist, and what to bring.</source>
            <translation>Comment préparer un rendez-vous chez le kinésithérapeute, et quoi apporter.</translation>
        </message>
        <message>
            <source>Read more</source>
            <translation>En savoir plus</translation>
        </message>
        <message>
            <source>Make the PDF report</source>
            <translation>Créer le rapport PDF</translation>
        </message>
        <message>
            <source>Write your checks, exercises and answers to a file that you can bring along</source>
            <translation>Écrire vos mesures, exercices et réponses dans un fichier à emporter</translation>
        </message>
        <message>
            <source>Pause the picture</source>
            <translation>Figer l’image</translation>
        </message>
        <message>
            <source>Move the picture</source>
            <translation>Animer l’image</translation>
        </message>
        <message>
            <source>How it goes</source>
            <translation>Comment faire</translation>
        </message>
        <message>
            <source>What often goes wrong</source>
            <translation>Erreurs fréquentes</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>Note : {note}</translation>
        </message>
        <message>
            <source>With: {load}</source>
            <translation>Avec : {load}</translation>
        </message>
        <message>
            <source>With a camera, Beltline can count for you. It has to see you {place}.</source>
            <translation>Avec une caméra, Beltline peut compter pour vous. Elle doit vous voir {place}.</translation>
        </message>
        <message>
            <source>Begin with the left side.</source>
            <translation>Commencez par le côté gauche.</translation>
        </message>
        <message>
            <source>Go on with the right side.</source>
            <translation>Continuez avec le côté droit.</translation>
        </message>
        <message>
            <source>Rest</source>
            <translation>Repos</translation>
        </message>
        <message>
            <source>Next set in {seconds} s</source>
            <translation>Prochaine série dans {seconds} s</translation>
        </message>
        <message>
            <source>Change sides</source>
            <translation>Changez de côté</translation>
        </message>
        <message>
            <source>Next: {what}</source>
            <translation>Ensuite : {what}</translation>
        </message>
        <message numerus="yes">
            <source>{count} sets to do</source>
            <translation>
                <numerusform>la dernière série</numerusform>
                <numerusform>{count} séries à faire</numerusform>
            </translation>
        </message>
        <message>
            <source>{side}, {what}</source>
            <translation>{side}, {what}</translation>
        </message>
        <message>
            <source>Skip the rest</source>
            <translation>Passer le repos</translation>
        </message>
        <message>
            <source>Wait</source>
            <translation>Attendez</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>Arrêter ici</translation>
        </message>
        <message>
            <source>Waiting for you</source>
            <translation>On vous attend</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>{left} of {wanted} sets of today are left, if you want to go on later.</source>
            <translation>Séries restantes aujourd’hui : {left} sur {wanted}, si vous voulez continuer plus tard.</translation>
        </message>
        <message>
            <source>Next: {name}</source>
            <translation>Ensuite : {name}</translation>
        </message>
        <message>
            <source>Back to today</source>
            <translation>Retour au programme du jour</translation>
        </message>
        <message>
            <source>No repetition was counted, so nothing was stored.</source>
            <translation>Aucune répétition n’a été comptée, rien n’a donc été gardé.</translation>
        </message>
        <message>
            <source>Said while counting:</source>
            <translation>Dit pendant le comptage :</translation>
        </message>
        <message numerus="yes">
            <source>{what} ({count} times)</source>
            <translation>
                <numerusform>{what} (une fois)</numerusform>
                <numerusform>{what} ({count} fois)</numerusform>
            </translation>
        </message>
        <message>
            <source>{set}, held {seconds} s</source>
            <translation>{set}, maintien de {seconds} s</translation>
        </message>
        <message>
            <source>counted by the camera</source>
            <translation>comptage par la caméra</translation>
        </message>
        <message>
            <source>led by the timer</source>
            <translation>rythme du minuteur</translation>
        </message>
        <message>
            <source>counted by you</source>
            <translation>comptage par vous-même</translation>
        </message>
        <message>
            <source>Where and how did it hurt? You need not answer.</source>
            <translation>Où et comment cela a-t-il fait mal ? La réponse est facultative.</translation>
        </message>
        <message>
            <source>Noted in your diary.</source>
            <translation>Noté dans votre carnet.</translation>
        </message>
        <message>
            <source>Answer the questions again</source>
            <translation>Répondre à nouveau aux questions</translation>
        </message>
        <message>
            <source>Save the answers</source>
            <translation>Enregistrer les réponses</translation>
        </message>
        <message>
            <source>Your answers are noted.</source>
            <translation>Vos réponses sont notées.</translation>
        </message>
        <message>
            <source>Do the squeeze test with the camera</source>
            <translation>Faire le test de contraction avec la caméra</translation>
        </message>
        <message>
            <source>Open the Live page, where a camera sees whether your pelvis turns</source>
            <translation>Ouvrir la page Direct, où une caméra voit si votre bassin bouge</translation>
        </message>
        <message>
            <source>Earlier answers</source>
            <translation>Réponses précédentes</translation>
        </message>
        <message>
            <source>There are no earlier answers. Each time you answer, a column of dots comes here.</source>
            <translation>Il n’y a pas encore de réponses précédentes. Chaque fois que vous répondrez, une colonne de points apparaîtra ici.</translation>
        </message>
        <message>
            <source>Full dot: yes. Half dot: partly. Ring: no. Dash: not said. The newest is on the right.</source>
            <translation>Point plein : oui. Demi-point : en partie. Cercle : non. Tiret : non précisé. La plus récente est à droite.</translation>
        </message>
        <message>
            <source>{when}: {answers}</source>
            <translation>{when} : {answers}</translation>
        </message>
        <message>
            <source>{when}, with the camera: {answers}</source>
            <translation>{when}, avec la caméra : {answers}</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>{first} – {last}</translation>
        </message>
        <message>
            <source>The newest {shown} of {all} are shown.</source>
            <translation>Les {shown} plus récentes sur {all} sont affichées.</translation>
        </message>
        <message>
            <source>One line for each exercise, in the order in which you do them. Choose an exercise that Beltline knows, or “another exercise” and type its name.</source>
            <translation>Une ligne par exercice, dans l’ordre où vous les faites. Choisissez un exercice que Beltline connaît, ou « Autre exercice », et tapez son nom.</translation>
        </message>
        <message>
            <source>Another exercise</source>
            <translation>Autre exercice</translation>
        </message>
        <message>
            <source>Name of the exercise</source>
            <translation>Nom de l’exercice</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>Séries</translation>
        </message>
        <message>
            <source>Repetitions</source>
            <translation>Répétitions</translation>
        </message>
        <message>
            <source>Hold, seconds</source>
            <translation>Maintien, secondes</translation>
        </message>
        <message>
            <source>Each side</source>
            <translation>Chaque côté</translation>
        </message>
        <message>
            <source>Band or weight</source>
            <translation>Élastique ou poids</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Note</translation>
        </message>
        <message>
            <source>How to do it</source>
            <translation>Comment faire</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Image</translation>
        </message>
        <message>
            <source>Picture of {name}</source>
            <translation>Image de {name}</translation>
        </message>
        <message>
            <source>Choose picture…</source>
            <translation>Choisir une image…</translation>
        </message>
        <message>
            <source>Remove picture</source>
            <translation>Retirer l’image</translation>
        </message>
        <message>
            <source>A photograph or a drawing; where and when it was taken is left out</source>
            <translation>Une photo ou un dessin ; le lieu et la date de la prise de vue ne sont pas gardés</translation>
        </message>
        <message>
            <source>Reading the picture…</source>
            <translation>Lecture de l’image…</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Images ({patterns})</translation>
        </message>
        <message>
            <source>Add an exercise</source>
            <translation>Ajouter un exercice</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Retirer</translation>
        </message>
        <message>
            <source>Move up</source>
            <translation>Monter</translation>
        </message>
        <message>
            <source>Move down</source>
            <translation>Descendre</translation>
        </message>
        <message>
            <source>Line {number}</source>
            <translation>Ligne {number}</translation>
        </message>
        <message>
            <source>Use the usual routine again</source>
            <translation>Reprendre le programme habituel</translation>
        </message>
        <message>
            <source>Save the list</source>
            <translation>Enregistrer la liste</translation>
        </message>
        <message>
            <source>Discard the changes</source>
            <translation>Annuler les modifications</translation>
        </message>
        <message>
            <source>Type the exercise's name.</source>
            <translation>Tapez le nom de l’exercice.</translation>
        </message>
        <message>
            <source>This exercise is in the list twice; put all its sets into one line, or type a name of your own.</source>
            <translation>Cet exercice figure deux fois dans la liste ; réunissez toutes ses séries sur une ligne, ou tapez un nom à vous.</translation>
        </message>
        <message>
            <source>Not saved: please look at the lines with a remark. What you typed stays.</source>
            <translation>Non enregistré : regardez les lignes accompagnées d’une remarque. Votre saisie est conservée.</translation>
        </message>
        <message>
            <source>There are changes that are not saved yet.</source>
            <translation>Des modifications ne sont pas encore enregistrées.</translation>
        </message>
        <message>
            <source>The list is empty. Saved like this, it brings back the usual routine.</source>
            <translation>La liste est vide. Enregistrée ainsi, elle rétablit le programme habituel.</translation>
        </message>
        <message>
            <source>Your list is saved.</source>
            <translation>Votre liste est enregistrée.</translation>
        </message>
        <message>
            <source>The usual routine is used again</source>
            <translation>Programme habituel repris</translation>
        </message>
        <message>
            <source>What you did is not lost: it waits here and is saved as soon as that is possible.</source>
            <translation>Ce que vous avez fait n’est pas perdu : c’est en attente ici et sera enregistré dès que possible.</translation>
        </message>
        <message>
            <source>Everything that waited is saved now.</source>
            <translation>Tout ce qui était en attente est enregistré.</translation>
        </message>
        <message>
            <source>Get ready.</source>
            <translation>Préparez-vous.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>Levez</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>Levez.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>Tenez</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>Tenez.</translation>
        </message>
        <message>
            <source>Lower</source>
            <translation>Baissez</translation>
        </message>
        <message>
            <source>Lower.</source>
            <translation>Baissez.</translation>
        </message>
        <message>
            <source>Squeeze</source>
            <translation>Contractez</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>Contractez.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>Relâchez</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>Relâchez.</translation>
        </message>
        <message>
            <source>Go</source>
            <translation>Allez</translation>
        </message>
        <message>
            <source>Go.</source>
            <translation>Allez.</translation>
        </message>
        <message>
            <source>Back.</source>
            <translation>Revenez.</translation>
        </message>
        <message>
            <source>Get ready to squeeze your buttocks.</source>
            <translation>Préparez-vous à contracter les fessiers.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back with your knees bent.</source>
            <translation>Préparez-vous. Allongez-vous sur le dos, genoux pliés.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back, one foot on the floor, the other leg stretched out.</source>
            <translation>Préparez-vous. Allongez-vous sur le dos, un pied au sol, l’autre jambe tendue.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your side.</source>
            <translation>Préparez-vous. Allongez-vous sur le côté.</translation>
        </message>
        <message>
            <source>Left side</source>
            <translation>Côté gauche</translation>
        </message>
        <message>
            <source>Right side</source>
            <translation>Côté droit</translation>
        </message>
        <message>
            <source>And {word}</source>
            <translation>Et {word}</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>Recherche en cours</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>Pas encore</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>C’est prêt</translation>
        </message>
        <message>
            <source>Moving</source>
            <translation>En mouvement</translation>
        </message>
        <message>
            <source>At the top</source>
            <translation>En haut</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>En attente de la caméra</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Zéro</translation>
        </message>
        <message>
            <source>One</source>
            <translation>Un</translation>
        </message>
        <message>
            <source>Two</source>
            <translation>Deux</translation>
        </message>
        <message>
            <source>Three</source>
            <translation>Trois</translation>
        </message>
        <message>
            <source>Four</source>
            <translation>Quatre</translation>
        </message>
        <message>
            <source>Five</source>
            <translation>Cinq</translation>
        </message>
        <message>
            <source>Six</source>
            <translation>Six</translation>
        </message>
        <message>
            <source>Seven</source>
            <translation>Sept</translation>
        </message>
        <message>
            <source>Eight</source>
            <translation>Huit</translation>
        </message>
        <message>
            <source>Nine</source>
            <translation>Neuf</translation>
        </message>
        <message>
            <source>Ten</source>
            <translation>Dix</translation>
        </message>
        <message>
            <source>Eleven</source>
            <translation>Onze</translation>
        </message>
        <message>
            <source>Twelve</source>
            <translation>Douze</translation>
        </message>
        <message>
            <source>Thirteen</source>
            <translation>Treize</translation>
        </message>
        <message>
            <source>Fourteen</source>
            <translation>Quatorze</translation>
        </message>
        <message>
            <source>Fifteen</source>
            <translation>Quinze</translation>
        </message>
        <message>
            <source>Sixteen</source>
            <translation>Seize</translation>
        </message>
        <message>
            <source>Seventeen</source>
            <translation>Dix-sept</translation>
        </message>
        <message>
            <source>Eighteen</source>
            <translation>Dix-huit</translation>
        </message>
        <message>
            <source>Nineteen</source>
            <translation>Dix-neuf</translation>
        </message>
        <message>
            <source>Twenty</source>
            <translation>Vingt</translation>
        </message>
        <message>
            <source>How to count</source>
            <translation>Comment compter</translation>
        </message>
        <message>
            <source>With the camera</source>
            <translation>Avec la caméra</translation>
        </message>
        <message>
            <source>With the timer</source>
            <translation>Avec le minuteur</translation>
        </message>
        <message>
            <source>The camera counts, times each hold, and names one thing at a time that you could do differently. It is on only while you exercise, and its pictures are not kept.</source>
            <translation>La caméra compte, chronomètre chaque maintien et signale une seule chose à la fois que vous pourriez faire autrement. Elle n’est allumée que pendant l’exercice, et ses images ne sont pas gardées.</translation>
        </message>
        <message>
            <source>Words on the screen, a voice and tones give you the pace; nothing watches. You can say afterwards if you did fewer.</source>
            <translation>Des mots à l’écran, une voix et des sons vous donnent le rythme ; rien ne vous observe. Vous pourrez dire ensuite si vous en avez fait moins.</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>Où placer la caméra</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees, looking at your side.</source>
            <translation>À deux ou trois mètres, entre le sol et la hauteur de vos genoux, tournée vers votre côté.</translation>
        </message>
        <message>
            <source>Your whole body is in the picture, from head to feet.</source>
            <translation>Tout votre corps est dans l’image, de la tête aux pieds.</translation>
        </message>
        <message>
            <source>The foot that stays on the floor is the one nearer to the camera.</source>
            <translation>Le pied qui reste au sol est celui qui est le plus près de la caméra.</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees. In front of you it sees best; or at your feet and a step to the front, so that it sees your face.</source>
            <translation>À deux ou trois mètres, entre le sol et la hauteur de vos genoux. C’est de face qu’elle voit le mieux ; sinon, à vos pieds et un pas vers l’avant, pour qu’elle voie votre visage.</translation>
        </message>
        <message>
            <source>The timer leads you through this exercise.</source>
            <translation>Le minuteur vous guide dans cet exercice.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Démarrer</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <source>Skip ahead</source>
            <translation>Passer</translation>
        </message>
        <message>
            <source>Go on with the timer</source>
            <translation>Continuer au minuteur</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>Image en miroir</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Voix</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>Sons</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>J’ai mal</translation>
        </message>
        <message>
            <source>Noted that it hurts</source>
            <translation>Douleur notée</translation>
        </message>
        <message>
            <source>{done} of {wanted}</source>
            <translation>{done} sur {wanted}</translation>
        </message>
        <message>
            <source>Last set</source>
            <translation>Dernière série</translation>
        </message>
        <message>
            <source>{count} sets left, counting this one</source>
            <translation>Encore {count} séries, celle-ci comprise</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>En pause</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>En pause. La caméra est éteinte.</translation>
        </message>
        <message>
            <source>Paused, because this page could not be seen.</source>
            <translation>En pause, car cette page n’était pas visible.</translation>
        </message>
        <message>
            <source>Paused, because the screen was locked.</source>
            <translation>En pause, car l’écran était verrouillé.</translation>
        </message>
        <message>
            <source>Paused, because the computer was asleep or busy.</source>
            <translation>En pause, car l’ordinateur était en veille ou occupé.</translation>
        </message>
        <message>
            <source>No camera was found, so the timer gives you the pace.</source>
            <translation>Aucune caméra trouvée : le minuteur vous donne le rythme.</translation>
        </message>
        <message>
            <source>The camera gives no pictures, so the timer goes on from here.</source>
            <translation>La caméra ne donne pas d’image : le minuteur prend le relais.</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures, so the timer goes on from here.</source>
            <translation>Une erreur de Beltline s’est produite avec les images de la caméra : le minuteur prend le relais.</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Arrêté</translation>
        </message>
        <message>
            <source>Keep what you have done?</source>
            <translation>Garder ce que vous avez fait ?</translation>
        </message>
        <message>
            <source>No repetition was counted, so there is nothing to keep.</source>
            <translation>Aucune répétition n’a été comptée, il n’y a donc rien à garder.</translation>
        </message>
        <message numerus="yes">
            <source>Keep {count} repetitions</source>
            <translation>
                <numerusform>Garder {count} répétition</numerusform>
                <numerusform>Garder {count} répétitions</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} repetitions</source>
            <translation>
                <numerusform>{count} répétition</numerusform>
                <numerusform>{count} répétitions</numerusform>
            </translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Ne pas garder</translation>
        </message>
        <message>
            <source>I did fewer</source>
            <translation>J’en ai fait moins</translation>
        </message>
        <message>
            <source>Do this set again</source>
            <translation>Refaire cette série</translation>
        </message>
        <message>
            <source>How many did you do?</source>
            <translation>Combien en avez-vous fait ?</translation>
        </message>
        <message>
            <source>Kept by itself in {seconds} s.</source>
            <translation>Gardé automatiquement dans {seconds} s.</translation>
        </message>
        <message>
            <source>Held for {seconds} s each.</source>
            <translation>Maintien de {seconds} s à chaque fois.</translation>
        </message>
        <message>
            <source>Done. {number}.</source>
            <translation>C’est fini. {number}.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Arrêté.</translation>
        </message>
    </context>
    <context>
        <name>app.gui.app</name>
        <message>
            <source>The window's library cannot be loaded ({error}). Install libegl1 and libgl1, or use the command line: beltline measure PHOTO.</source>
            <translation>La bibliothèque de la fenêtre ne peut pas être chargée ({error}). Installez libegl1 et libgl1, ou utilisez la ligne de commande : beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>ReminderLink</name>
        <message>
            <source>The break reminder could not be started. Switch it off and on again, or start it on the command line to see why: beltline tray</source>
            <translation>Le rappel de pause n’a pas pu être lancé. Désactivez-le puis réactivez-le, ou lancez-le en ligne de commande pour voir pourquoi : beltline tray</translation>
        </message>
    </context>
    <context>
        <name>CalibrationPanel</name>
        <message>
            <source>Leave out the last picture</source>
            <translation>Exclure la dernière image</translation>
        </message>
        <message>
            <source>Work it out without the picture that was added last</source>
            <translation>Refaire le calcul sans la dernière image ajoutée</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>Oublier</translation>
        </message>
        <message>
            <source>Drop the calibration; checks made with it stay as they are</source>
            <translation>Abandonner l’étalonnage ; les mesures faites avec lui ne changent pas</translation>
        </message>
        <message>
            <source>Work it out again</source>
            <translation>Recalculer</translation>
        </message>
        <message>
            <source>Read the pictures that were kept of it with this version of Beltline</source>
            <translation>Relire avec cette version de Beltline les images qui en ont été gardées</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>Go back to measuring</source>
            <translation>Revenir à la mesure</translation>
        </message>
        <message>
            <source>Keep for {name}</source>
            <translation>Garder pour {name}</translation>
        </message>
    </context>
    <context>
        <name>CameraShot</name>
        <message>
            <source>Seconds until the picture is taken</source>
            <translation>Secondes avant la photo</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Caméra</translation>
        </message>
        <message>
            <source>Which camera takes the picture</source>
            <translation>Quelle caméra prend la photo</translation>
        </message>
        <message>
            <source>Time to walk into the picture</source>
            <translation>Temps pour entrer dans l’image</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>Son</translation>
        </message>
        <message>
            <source>A tone for each second and one for the picture</source>
            <translation>Un bip par seconde et un pour la photo</translation>
        </message>
        <message>
            <source>Take the picture</source>
            <translation>Prendre la photo</translation>
        </message>
        <message>
            <source>Measure this one</source>
            <translation>Mesurer celle-ci</translation>
        </message>
        <message>
            <source>Retake</source>
            <translation>Refaire</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>End the countdown, or leave the camera (Esc)</source>
            <translation>Arrêter le compte à rebours ou quitter la caméra (Échap)</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>Recherche de la caméra…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>Ouverture de la caméra…</translation>
        </message>
        <message>
            <source>in {seconds} s</source>
            <translation>dans {seconds} s</translation>
        </message>
    </context>
    <context>
        <name>CameraStage</name>
        <message>
            <source>Camera picture</source>
            <translation>Image de la caméra</translation>
        </message>
    </context>
    <context>
        <name>EditPanel</name>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>Measure with these marks</source>
            <translation>Mesurer avec ces repères</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abandonner</translation>
        </message>
        <message>
            <source>Forget these marks</source>
            <translation>Oublier ces repères</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>Annuler la dernière étape</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Rétablir</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Rétablir</translation>
        </message>
        <message>
            <source>Help on finding the points</source>
            <translation>Aide pour trouver les points</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>Marquez les deux pointes osseuses</translation>
        </message>
        <message>
            <source>Mark something upright</source>
            <translation>Marquez un élément vertical</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>Retirer le fil à plomb</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>Ajouter un fil à plomb</translation>
        </message>
        <message>
            <source>Assume again that the camera was level</source>
            <translation>Supposer de nouveau que l’appareil était droit</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>À poser sur un cadre de porte ou l’arête d’un mur</translation>
        </message>
    </context>
    <context>
        <name>LandmarkEditor</name>
        <message>
            <source>Is the front point in front?</source>
            <translation>Le point avant est-il bien devant ?</translation>
        </message>
    </context>
    <context>
        <name>CheckPage</name>
        <message>
            <source>Camera picture</source>
            <translation>Image de la caméra</translation>
        </message>
        <message>
            <source>Back to automatic</source>
            <translation>Retour à l’automatique</translation>
        </message>
        <message>
            <source>Show again what was measured without marks</source>
            <translation>Afficher de nouveau ce qui a été mesuré sans repères</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>Étalonner…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>Montrez une fois où sont vos os, et la mesure sera ensuite plus exacte</translation>
        </message>
        <message>
            <source>Sample</source>
            <translation>Exemple</translation>
        </message>
        <message>
            <source>For a number from the bones under the skin</source>
            <translation>Pour un résultat tiré des os sous la peau</translation>
        </message>
        <message>
            <source>Turn the picture left</source>
            <translation>Tourner l’image à gauche</translation>
        </message>
        <message>
            <source>Turn the picture right</source>
            <translation>Tourner l’image à droite</translation>
        </message>
        <message>
            <source>Mark something upright in the picture</source>
            <translation>Marquer un élément vertical dans l’image</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>Marquer soi-même les pointes osseuses</translation>
        </message>
    </context>
    <context>
        <name>PeopleChoice</name>
        <message>
            <source>Someone else is meant</source>
            <translation>Choisir quelqu’un d’autre</translation>
        </message>
        <message>
            <source>Choose again whom to measure in this picture</source>
            <translation>Choisir de nouveau qui mesurer sur cette image</translation>
        </message>
    </context>
    <context>
        <name>PhoneDialog</name>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
    </context>
    <context>
        <name>RecentPhotos</name>
        <message>
            <source>Photographs that were opened last</source>
            <translation>Dernières photos ouvertes</translation>
        </message>
        <message>
            <source>Recent</source>
            <translation>Récentes</translation>
        </message>
    </context>
    <context>
        <name>ResultPanel</name>
        <message>
            <source>Result</source>
            <translation>Résultat</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>Mesure en cours…</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Détails du résultat</translation>
        </message>
        <message>
            <source>What this number is</source>
            <translation>Ce qu’est ce chiffre</translation>
        </message>
        <message>
            <source>What it is not</source>
            <translation>Ce qu’il n’est pas</translation>
        </message>
        <message>
            <source>What else you can do</source>
            <translation>Ce que vous pouvez faire d’autre</translation>
        </message>
        <message>
            <source>More about this picture</source>
            <translation>Détails de l’image</translation>
        </message>
    </context>
    <context>
        <name>SaveBar</name>
        <message>
            <source>Whose history this check belongs to</source>
            <translation>La personne à qui appartient cette mesure</translation>
        </message>
        <message>
            <source>The day of the picture; correct it if the file is wrong</source>
            <translation>Le jour de la photo ; corrigez-le si le fichier se trompe</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>Personne</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>Prise le</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Vêtements</translation>
        </message>
        <message>
            <source>such as grey leggings</source>
            <translation>p. ex. leggings gris</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Bras</translation>
        </message>
        <message>
            <source>Where the arms were: they shift the balance of the body</source>
            <translation>Où étaient les bras : ils modifient l’équilibre du corps</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Note</translation>
        </message>
        <message>
            <source>anything to remember</source>
            <translation>quelque chose à retenir</translation>
        </message>
        <message>
            <source>Keep a small copy of the picture</source>
            <translation>Garder une petite copie de l’image</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>Sinon, seuls les chiffres sont gardés</translation>
        </message>
        <message>
            <source>This check is in the history</source>
            <translation>Cette mesure est dans l’historique</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Enregistrer</translation>
        </message>
        <message>
            <source>Not said</source>
            <translation>Non précisé</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Enregistrement…</translation>
        </message>
        <message>
            <source>Saved</source>
            <translation>Enregistré</translation>
        </message>
        <message>
            <source>Keep this check</source>
            <translation>Garder cette mesure</translation>
        </message>
        <message>
            <source>Saved. {change}</source>
            <translation>Enregistré. {change}</translation>
        </message>
    </context>
    <context>
        <name>LinesModel</name>
        <message>
            <source>Picture</source>
            <translation>Image</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Résultat</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>Personne</translation>
        </message>
        <message>
            <source>Whose check it is; click to choose</source>
            <translation>À qui est la mesure ; cliquez pour choisir</translation>
        </message>
        <message>
            <source>Taken in</source>
            <translation>Comptée</translation>
        </message>
        <message>
            <source>Left out</source>
            <translation>Exclue</translation>
        </message>
    </context>
    <context>
        <name>PersonDelegate</name>
        <message>
            <source>Person</source>
            <translation>Personne</translation>
        </message>
    </context>
    <context>
        <name>LinesTable</name>
        <message>
            <source>Pictures</source>
            <translation>Images</translation>
        </message>
    </context>
    <context>
        <name>SeveralView</name>
        <message>
            <source>Whose checks all of them are that are not saved yet</source>
            <translation>À qui sont toutes les mesures non encore enregistrées</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Ouvrir…</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Mesure en cours</translation>
        </message>
        <message>
            <source>Person for all</source>
            <translation>Personne pour toutes</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Choisir…</translation>
        </message>
        <message>
            <source>Keep a small copy of the pictures</source>
            <translation>Garder une petite copie des images</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>Sinon, seuls les chiffres sont gardés</translation>
        </message>
        <message>
            <source>Look at none of them</source>
            <translation>N’en regarder aucune</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>Le résultat précédent</translation>
        </message>
        <message>
            <source>Open other photographs</source>
            <translation>Ouvrir d’autres photos</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Continuer</translation>
        </message>
    </context>
    <context>
        <name>StartView</name>
        <message>
            <source>Open a photograph…</source>
            <translation>Ouvrir une photo…</translation>
        </message>
        <message>
            <source>Take one with the camera</source>
            <translation>Prendre une photo</translation>
        </message>
        <message>
            <source>With a countdown, so that you can step back</source>
            <translation>Avec un compte à rebours, pour avoir le temps de reculer</translation>
        </message>
        <message>
            <source>Try a sample</source>
            <translation>Essayer un exemple</translation>
        </message>
        <message>
            <source>A computer-made person, measured like a photograph</source>
            <translation>Une personne créée par ordinateur, mesurée comme une photo</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>Étalonner…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>Montrez une fois où sont vos os, et la mesure sera ensuite plus exacte</translation>
        </message>
        <message>
            <source>Choose a picture file</source>
            <translation>Choisir un fichier image</translation>
        </message>
    </context>
    <context>
        <name>PhotoIntake</name>
        <message>
            <source>Open photographs</source>
            <translation>Ouvrir des photos</translation>
        </message>
        <message>
            <source>Pasted picture</source>
            <translation>Image collée</translation>
        </message>
        <message>
            <source>Dropped picture</source>
            <translation>Image déposée</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Images ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Tous les fichiers (*)</translation>
        </message>
    </context>
    <context>
        <name>PictureTools</name>
        <message>
            <source>Open…</source>
            <translation>Ouvrir…</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Caméra</translation>
        </message>
        <message>
            <source>Take a photograph with the camera</source>
            <translation>Prendre une photo avec la caméra</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>All or nothing (O)</source>
            <translation>Tout ou rien (O)</translation>
        </message>
        <message>
            <source>Lines</source>
            <translation>Lignes</translation>
        </message>
        <message>
            <source>What is drawn on the picture; all or nothing:</source>
            <translation>Ce qui est dessiné sur l’image ; tout ou rien :</translation>
        </message>
        <message>
            <source>Open another photograph</source>
            <translation>Ouvrir une autre photo</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>Le résultat précédent</translation>
        </message>
        <message>
            <source>Zoom out</source>
            <translation>Zoom arrière</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Zoom avant</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>Ajuster</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Afficher l’image entière</translation>
        </message>
        <message>
            <source>Tilt</source>
            <translation>Bascule</translation>
        </message>
        <message>
            <source>Horizontal line</source>
            <translation>Ligne horizontale</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>Ligne de ceinture</translation>
        </message>
        <message>
            <source>Outline of the body</source>
            <translation>Contour du corps</translation>
        </message>
        <message>
            <source>Joints</source>
            <translation>Articulations</translation>
        </message>
        <message>
            <source>Upright lines of the room</source>
            <translation>Lignes verticales de la pièce</translation>
        </message>
    </context>
    <context>
        <name>CopiesCard</name>
        <message>
            <source>Earlier copies</source>
            <translation>Copies précédentes</translation>
        </message>
        <message>
            <source>Copies of earlier days</source>
            <translation>Copies des jours précédents</translation>
        </message>
        <message>
            <source>None yet</source>
            <translation>Aucune pour l’instant</translation>
        </message>
        <message>
            <source>Go back to this copy…</source>
            <translation>Revenir à cette copie…</translation>
        </message>
        <message>
            <source>Save what can be read</source>
            <translation>Enregistrer ce qui est lisible</translation>
        </message>
        <message>
            <source>Goes on with it; the damaged file is kept beside it</source>
            <translation>Continue avec elle ; le fichier endommagé est gardé à côté</translation>
        </message>
        <message>
            <source>Go back to this copy</source>
            <translation>Revenir à cette copie</translation>
        </message>
        <message>
            <source>Go back</source>
            <translation>Revenir</translation>
        </message>
        <message>
            <source>Beltline copies your history on each day on which something new is kept, and keeps the last {days} copies on this computer.</source>
            <translation>Beltline copie votre historique chaque jour où quelque chose de nouveau est gardé, et conserve les {days} dernières copies sur cet ordinateur.</translation>
        </message>
        <message>
            <source>Go back to the history as it was at the beginning of {day}? The history as it is now is not deleted: it is kept beside it.</source>
            <translation>Revenir à l’historique tel qu’il était au début du {day} ? L’historique actuel n’est pas supprimé : il est gardé à côté.</translation>
        </message>
    </context>
    <context>
        <name>HurtsButton</name>
        <message>
            <source>Stop at once (H)</source>
            <translation>Arrêter tout de suite (H)</translation>
        </message>
        <message>
            <source>Stops the exercise at once</source>
            <translation>Arrête l’exercice tout de suite</translation>
        </message>
    </context>
    <context>
        <name>SetupCard</name>
        <message>
            <source>Start this set after five seconds</source>
            <translation>Commencer cette série dans cinq secondes</translation>
        </message>
        <message>
            <source>Leave this exercise (Esc)</source>
            <translation>Quitter cet exercice (Échap)</translation>
        </message>
        <message>
            <source>Only what you see: it is counted in what the camera sees</source>
            <translation>Affichage seulement : le comptage se fait sur ce que voit la caméra</translation>
        </message>
    </context>
    <context>
        <name>EndCard</name>
        <message>
            <source>End of the set</source>
            <translation>Fin de la série</translation>
        </message>
        <message>
            <source>Put this set into your diary</source>
            <translation>Noter cette série dans votre carnet</translation>
        </message>
        <message>
            <source>Start this set again</source>
            <translation>Recommencer cette série</translation>
        </message>
        <message>
            <source>Say how many repetitions you have done</source>
            <translation>Indiquer combien de répétitions vous avez faites</translation>
        </message>
        <message>
            <source>Go on with this set</source>
            <translation>Continuer cette série</translation>
        </message>
        <message>
            <source>Do not keep this set</source>
            <translation>Ne pas garder cette série</translation>
        </message>
        <message>
            <source>Leave this exercise</source>
            <translation>Quitter cet exercice</translation>
        </message>
        <message>
            <source>One fewer</source>
            <translation>Une de moins</translation>
        </message>
        <message>
            <source>One more</source>
            <translation>Une de plus</translation>
        </message>
    </context>
    <context>
        <name>ExercisePlayer</name>
        <message>
            <source>Go on (Space)</source>
            <translation>Continuer (Espace)</translation>
        </message>
        <message>
            <source>Pause for now (Space)</source>
            <translation>Mettre en pause (Espace)</translation>
        </message>
        <message>
            <source>Go to what comes next</source>
            <translation>Aller à la suite</translation>
        </message>
        <message>
            <source>Switch the camera off; what was counted stays</source>
            <translation>Éteindre la caméra ; ce qui a été compté reste</translation>
        </message>
        <message>
            <source>End this set (Esc)</source>
            <translation>Terminer cette série (Échap)</translation>
        </message>
        <message>
            <source>What to do, and the count, are spoken</source>
            <translation>Les consignes et le compte sont dits à voix haute</translation>
        </message>
        <message>
            <source>Tones mark each phase, and stand in for a voice</source>
            <translation>Des sons marquent chaque phase et remplacent la voix s’il n’y en a pas</translation>
        </message>
    </context>
    <context>
        <name>CoachStage</name>
        <message>
            <source>Picture of the camera</source>
            <translation>Image de la caméra</translation>
        </message>
    </context>
    <context>
        <name>ExerciseTimer</name>
        <message>
            <source>Timer</source>
            <translation>Minuteur</translation>
        </message>
    </context>
    <context>
        <name>SaveLogButton</name>
        <message>
            <source>Save log…</source>
            <translation>Enregistrer le journal…</translation>
        </message>
        <message>
            <source>Save the log</source>
            <translation>Enregistrer le journal</translation>
        </message>
        <message>
            <source>The log was not saved: {why}. Choose another folder.</source>
            <translation>Le journal n’a pas été enregistré : {why}. Choisissez un autre dossier.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>Enregistré sous {name}.</translation>
        </message>
    </context>
    <context>
        <name>LogDialog</name>
        <message>
            <source>What went wrong in Beltline, for a report about a fault. There are no names, notes or pictures in it. It is sent nowhere.</source>
            <translation>Ce qui n’a pas marché dans Beltline, pour signaler un défaut. Il ne contient ni noms, ni notes, ni images. Il n’est envoyé nulle part.</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Journal</translation>
        </message>
        <message>
            <source>The log</source>
            <translation>Le journal</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copier</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Nothing is in the log.</source>
            <translation>Le journal est vide.</translation>
        </message>
    </context>
    <context>
        <name>CrashWindow</name>
        <message>
            <source>Something in Beltline did not work just now, through no fault of yours.</source>
            <translation>Quelque chose n’a pas fonctionné dans Beltline, sans que vous y soyez pour rien.</translation>
        </message>
        <message>
            <source>What you saved is safe. Nothing was sent anywhere. If it happens again, save the log and send it with a report.</source>
            <translation>Ce que vous avez enregistré est intact. Rien n’a été envoyé nulle part. Si cela se reproduit, enregistrez le journal et joignez-le à un signalement.</translation>
        </message>
        <message>
            <source>Something went wrong</source>
            <translation>Un problème est survenu</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>Close Beltline</source>
            <translation>Fermer Beltline</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>Ce qui fonctionne ici…</translation>
        </message>
    </context>
    <context>
        <name>HelpButtons</name>
        <message>
            <source>First steps…</source>
            <translation>Premiers pas…</translation>
        </message>
        <message>
            <source>The three questions of the first start, once more</source>
            <translation>Les trois questions du premier démarrage, encore une fois</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>Ce qui fonctionne ici…</translation>
        </message>
        <message>
            <source>Looks at camera, voice, letters and all else, and helps to mend it</source>
            <translation>Passe en revue la caméra, la voix, les caractères et le reste, et aide à y remédier</translation>
        </message>
    </context>
    <context>
        <name>HelpDoor</name>
        <message>
            <source>Renamed {before}</source>
            <translation>Personne renommée : {before}</translation>
        </message>
    </context>
    <context>
        <name>FirstSteps</name>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted. It measures; it is no doctor. Three questions, and you can begin.</source>
            <translation>À partir d’une photo de profil, Beltline mesure de combien votre bassin est basculé. Il mesure ; il ne remplace pas un médecin. Trois questions, et vous pouvez commencer.</translation>
        </message>
        <message>
            <source>All of these are there later, too.</source>
            <translation>Tout cela reste disponible plus tard.</translation>
        </message>
        <message>
            <source>Not now</source>
            <translation>Pas maintenant</translation>
        </message>
        <message>
            <source>Settings asks again whenever you like</source>
            <translation>À retrouver dans les Réglages quand vous voulez</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>Who is it for?</source>
            <translation>C’est pour qui ?</translation>
        </message>
        <message>
            <source>How do you get a picture?</source>
            <translation>Comment obtenez-vous une photo ?</translation>
        </message>
        <message>
            <source>What first?</source>
            <translation>Par quoi commencer ?</translation>
        </message>
        <message>
            <source>Name of the first person</source>
            <translation>Nom de la première personne</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Commencer</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Suivant</translation>
        </message>
        <message>
            <source>Step {n} of {count}</source>
            <translation>Étape {n} sur {count}</translation>
        </message>
        <message>
            <source>Only me</source>
            <translation>Moi seulement</translation>
        </message>
        <message>
            <source>Nothing to set up.</source>
            <translation>Rien à préparer.</translation>
        </message>
        <message>
            <source>Several people</source>
            <translation>Plusieurs personnes</translation>
        </message>
        <message>
            <source>A practice or a family: each person has a history of their own.</source>
            <translation>Un cabinet ou une famille : chaque personne a son propre historique.</translation>
        </message>
        <message>
            <source>You choose whose turn it is at the bottom left of the window, and add people under Settings. Everything stays on this computer, in {folder}.</source>
            <translation>Vous choisissez la personne en bas à gauche de la fenêtre et vous en ajoutez dans les Réglages. Tout reste sur cet ordinateur, dans {folder}.</translation>
        </message>
        <message>
            <source>This computer's camera</source>
            <translation>La caméra de cet ordinateur</translation>
        </message>
        <message>
            <source>It counts down, so that you can step back.</source>
            <translation>Un compte à rebours vous laisse le temps de reculer.</translation>
        </message>
        <message>
            <source>My phone</source>
            <translation>Mon téléphone</translation>
        </message>
        <message>
            <source>It sends the pictures over your own network, to this computer only.</source>
            <translation>Il envoie les photos par votre propre réseau, à cet ordinateur seulement.</translation>
        </message>
        <message>
            <source>A photograph</source>
            <translation>Une photo</translation>
        </message>
        <message>
            <source>A picture file that you have already.</source>
            <translation>Un fichier image que vous avez déjà.</translation>
        </message>
        <message>
            <source>I only look around</source>
            <translation>Je regarde seulement</translation>
        </message>
        <message>
            <source>No picture for now.</source>
            <translation>Pas de photo pour l’instant.</translation>
        </message>
        <message>
            <source>The sample picture</source>
            <translation>L’image d’exemple</translation>
        </message>
        <message>
            <source>A computer-made person, so that you see what comes out of it.</source>
            <translation>Une personne créée par ordinateur, pour voir ce que donne une mesure.</translation>
        </message>
        <message>
            <source>A short tour</source>
            <translation>Une courte visite</translation>
        </message>
        <message>
            <source>Two minutes through the window; you can leave it at any time.</source>
            <translation>Deux minutes pour découvrir la fenêtre ; vous pouvez la quitter à tout moment.</translation>
        </message>
        <message>
            <source>Straight on</source>
            <translation>Aller droit au but</translation>
        </message>
        <message>
            <source>To where your own pictures begin.</source>
            <translation>Là où commencent vos propres photos.</translation>
        </message>
    </context>
    <context>
        <name>CheckBrowser</name>
        <message>
            <source>Select two checks to compare them (Ctrl+K)</source>
            <translation>Sélectionnez deux mesures pour les comparer (Ctrl+K)</translation>
        </message>
        <message>
            <source>Delete the selected checks (Delete)</source>
            <translation>Supprimer les mesures sélectionnées (Suppr)</translation>
        </message>
        <message>
            <source>Show all checks</source>
            <translation>Afficher toutes les mesures</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Comparer</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
    </context>
    <context>
        <name>CheckFilter</name>
        <message>
            <source>Search clothes and notes</source>
            <translation>Rechercher vêtements et notes</translation>
        </message>
        <message>
            <source>Dates to show</source>
            <translation>Dates à afficher</translation>
        </message>
        <message>
            <source>Way of measuring to show</source>
            <translation>Méthode à afficher</translation>
        </message>
        <message>
            <source>Clothes to show</source>
            <translation>Vêtements à afficher</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Effacer</translation>
        </message>
        <message>
            <source>All dates</source>
            <translation>Toutes les dates</translation>
        </message>
        <message>
            <source>Last month</source>
            <translation>Dernier mois</translation>
        </message>
        <message>
            <source>Last 3 months</source>
            <translation>3 derniers mois</translation>
        </message>
        <message>
            <source>Last year</source>
            <translation>Dernière année</translation>
        </message>
        <message>
            <source>From … to …</source>
            <translation>Du … au …</translation>
        </message>
        <message>
            <source>All methods</source>
            <translation>Toutes les méthodes</translation>
        </message>
        <message>
            <source>All clothes</source>
            <translation>Tous les vêtements</translation>
        </message>
        <message>
            <source>to</source>
            <translation>au</translation>
        </message>
        <message>
            <source>Search clothes and notes (Ctrl+F)</source>
            <translation>Rechercher vêtements et notes (Ctrl+F)</translation>
        </message>
        <message>
            <source>First day to show</source>
            <translation>Premier jour à afficher</translation>
        </message>
        <message>
            <source>Last day to show</source>
            <translation>Dernier jour à afficher</translation>
        </message>
        <message>
            <source>Show all checks again</source>
            <translation>Afficher de nouveau toutes les mesures</translation>
        </message>
        <message>
            <source>Nothing said</source>
            <translation>Rien de précisé</translation>
        </message>
    </context>
    <context>
        <name>CheckDetail</name>
        <message>
            <source>The check in full</source>
            <translation>La mesure en détail</translation>
        </message>
        <message>
            <source>The picture with what was measured</source>
            <translation>L’image avec ce qui a été mesuré</translation>
        </message>
        <message>
            <source>Close the check</source>
            <translation>Fermer la mesure</translation>
        </message>
        <message>
            <source>Close the check (Escape)</source>
            <translation>Fermer la mesure (Échap)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Détails du résultat</translation>
        </message>
        <message>
            <source>Numbers and conditions of the check</source>
            <translation>Chiffres et conditions de la mesure</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>Prise le</translation>
        </message>
        <message>
            <source>The day of the picture; correct it here</source>
            <translation>Le jour de la photo ; à corriger ici</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Vêtements</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Bras</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Note</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>non précisé</translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message>
            <source>How much of the later picture shows, in percent</source>
            <translation>Part visible de l’image la plus récente, en pourcentage</translation>
        </message>
        <message>
            <source>Compare two checks</source>
            <translation>Comparer deux mesures</translation>
        </message>
        <message>
            <source>Back to all checks</source>
            <translation>Retour aux mesures</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Retour aux mesures (Échap)</translation>
        </message>
        <message>
            <source>Side by side</source>
            <translation>Côte à côte</translation>
        </message>
        <message>
            <source>Laid over each other</source>
            <translation>Superposées</translation>
        </message>
        <message>
            <source>The later picture laid over the earlier one</source>
            <translation>L’image la plus récente superposée à la plus ancienne</translation>
        </message>
        <message>
            <source>Earlier</source>
            <translation>Plus ancienne</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Plus récente</translation>
        </message>
    </context>
    <context>
        <name>_Side</name>
        <message>
            <source>{which} picture</source>
            <translation>Image : {which}</translation>
        </message>
    </context>
    <context>
        <name>ExperimentSection</name>
        <message>
            <source>Did it help?</source>
            <translation>Est-ce que cela a aidé ?</translation>
        </message>
    </context>
    <context>
        <name>ExperimentView</name>
        <message>
            <source>Back to all checks</source>
            <translation>Retour aux mesures</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Retour aux mesures (Échap)</translation>
        </message>
    </context>
    <context>
        <name>HistoryPage</name>
        <message>
            <source>History</source>
            <translation>Historique</translation>
        </message>
        <message>
            <source>Next check: due since {day}</source>
            <translation>Prochaine mesure : à faire depuis le {day}</translation>
        </message>
        <message>
            <source>Next check: {day}</source>
            <translation>Prochaine mesure : {day}</translation>
        </message>
        <message>
            <source>Report…</source>
            <translation>Rapport…</translation>
        </message>
        <message>
            <source>Write a PDF to bring to a physiotherapist</source>
            <translation>Créer un PDF à apporter au kinésithérapeute</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exporter…</translation>
        </message>
        <message>
            <source>Write all checks to a file for other programs</source>
            <translation>Écrire toutes les mesures dans un fichier pour d’autres programmes</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>Importer…</translation>
        </message>
        <message>
            <source>Read checks from a file that was exported before</source>
            <translation>Lire les mesures d’un fichier exporté auparavant</translation>
        </message>
    </context>
    <context>
        <name>HistoryActions</name>
        <message>
            <source>Spreadsheet, checks only (*.csv)</source>
            <translation>Tableur, mesures seules (*.csv)</translation>
        </message>
        <message>
            <source>Everything (*.json)</source>
            <translation>Tout (*.json)</translation>
        </message>
        <message>
            <source>Export all checks</source>
            <translation>Exporter toutes les mesures</translation>
        </message>
        <message>
            <source>Backup (*.zip)</source>
            <translation>Sauvegarde (*.zip)</translation>
        </message>
        <message>
            <source>Backed up to {path}: {checks} checks, {pictures} pictures.</source>
            <translation>Sauvegardé dans {path} : {checks} mesures, {pictures} images.</translation>
        </message>
        <message>
            <source>Brought back: {new} checks, {pictures} pictures. Already there: {old} checks.</source>
            <translation>Récupéré : {new} mesures, {pictures} images. Déjà présentes : {old} mesures.</translation>
        </message>
        <message>
            <source>Import checks</source>
            <translation>Importer des mesures</translation>
        </message>
        <message>
            <source>Checks added: {new}. Already there, and left as they are: {old}.</source>
            <translation>Mesures ajoutées : {new}. Déjà présentes et laissées telles quelles : {old}.</translation>
        </message>
        <message>
            <source>Exported checks and backups (*.csv *.json *.zip)</source>
            <translation>Mesures exportées et sauvegardes (*.csv *.json *.zip)</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}.</source>
            <translation>Exercices, pauses, autotests, réponses et étalonnages ajoutés : {count}.</translation>
        </message>
        <message>
            <source>Back up everything</source>
            <translation>Tout sauvegarder</translation>
        </message>
        <message>
            <source>Checks written to {path}: {count}.</source>
            <translation>Mesures écrites dans {path} : {count}.</translation>
        </message>
        <message>
            <source>Squeeze tests added: {count}.</source>
            <translation>Tests de contraction ajoutés : {count}.</translation>
        </message>
    </context>
    <context>
        <name>RangeModel</name>
        <message>
            <source>Date</source>
            <translation>Date</translation>
        </message>
        <message>
            <source>Range (likely)</source>
            <translation>Amplitude (probable)</translation>
        </message>
        <message>
            <source>Relaxed, from tucked to arched (likely)</source>
            <translation>Relâché, de rentré à cambré (probable)</translation>
        </message>
        <message>
            <source>Measured by</source>
            <translation>Méthode</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Où</translation>
        </message>
    </context>
    <context>
        <name>SelfTestSection</name>
        <message>
            <source>Deleted {tests}</source>
            <translation>Supprimé : {tests}</translation>
        </message>
    </context>
    <context>
        <name>SelfTestList</name>
        <message>
            <source>Back to all checks</source>
            <translation>Retour aux mesures</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Retour aux mesures (Échap)</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <source>Delete the selected tests (Delete)</source>
            <translation>Supprimer les tests sélectionnés (Suppr)</translation>
        </message>
    </context>
    <context>
        <name>SqueezeSection</name>
        <message>
            <source>Answer changed</source>
            <translation>Réponse modifiée</translation>
        </message>
    </context>
    <context>
        <name>SqueezeModel</name>
        <message>
            <source>Date</source>
            <translation>Date</translation>
        </message>
        <message>
            <source>Turn (likely)</source>
            <translation>Mouvement (probable)</translation>
        </message>
    </context>
    <context>
        <name>CheckModel</name>
        <message>
            <source>Date</source>
            <translation>Date</translation>
        </message>
        <message>
            <source>Tilt (likely)</source>
            <translation>Bascule (probable)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>Méthode</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Vêtements</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Note</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Bras</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Image</translation>
        </message>
        <message>
            <source>kept</source>
            <translation>gardée</translation>
        </message>
        <message>
            <source>none</source>
            <translation>aucune</translation>
        </message>
    </context>
    <context>
        <name>CheckList</name>
        <message>
            <source>Checks</source>
            <translation>Mesures</translation>
        </message>
        <message>
            <source>Enter opens a check, F2 edits clothes or note, Delete deletes.</source>
            <translation>Entrée ouvre une mesure, F2 modifie les vêtements ou la note, Suppr supprime.</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Afficher</translation>
        </message>
        <message>
            <source>Compare the two</source>
            <translation>Comparer les deux</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <source>Edit clothes</source>
            <translation>Modifier les vêtements</translation>
        </message>
        <message>
            <source>Edit note</source>
            <translation>Modifier la note</translation>
        </message>
    </context>
    <context>
        <name>TrendPanel</name>
        <message>
            <source>Way of measuring that the trend shows</source>
            <translation>Méthode de mesure affichée dans l’évolution</translation>
        </message>
        <message>
            <source>Different ways of measuring are never mixed: choose the one to see</source>
            <translation>Les méthodes de mesure ne sont jamais mélangées : choisissez celle à afficher</translation>
        </message>
        <message>
            <source>Show less time (+)</source>
            <translation>Afficher une durée plus courte (+)</translation>
        </message>
        <message>
            <source>Show more time (-)</source>
            <translation>Afficher une durée plus longue (-)</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>Tout afficher</translation>
        </message>
        <message>
            <source>Show all checks in the trend (0)</source>
            <translation>Afficher toutes les mesures de l’évolution (0)</translation>
        </message>
    </context>
    <context>
        <name>TrendPlot</name>
        <message>
            <source>Tilt over time</source>
            <translation>Évolution de la bascule</translation>
        </message>
        <message>
            <source>Left and Right go from check to check, Enter opens one, plus and minus zoom, Shift with an arrow moves the view, 0 shows all.</source>
            <translation>Gauche et Droite vont d’une mesure à l’autre, Entrée en ouvre une, plus et moins zooment, Maj avec une flèche déplace la vue, 0 affiche tout.</translation>
        </message>
    </context>
    <context>
        <name>KeysDialog</name>
        <message>
            <source>Keys</source>
            <translation>Raccourcis</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Everywhere</source>
            <translation>Partout</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Mesurer</translation>
        </message>
        <message>
            <source>Marking points</source>
            <translation>Marquer les points</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>Direct</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Exercices</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historique</translation>
        </message>
        <message>
            <source>The first page; Ctrl+2 the second, and so on</source>
            <translation>La première page ; Ctrl+2 la deuxième, etc.</translation>
        </message>
        <message>
            <source>Open a photograph</source>
            <translation>Ouvrir une photo</translation>
        </message>
        <message>
            <source>Measure a picture that was copied</source>
            <translation>Mesurer une image copiée</translation>
        </message>
        <message>
            <source>Take back what was done last</source>
            <translation>Annuler la dernière action</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Rétablir</translation>
        </message>
        <message>
            <source>Larger text; Ctrl+- makes it smaller (not on Check)</source>
            <translation>Texte plus grand ; Ctrl+- le réduit (sauf dans Mesurer)</translation>
        </message>
        <message>
            <source>The usual text size</source>
            <translation>La taille de texte habituelle</translation>
        </message>
        <message>
            <source>Fill the screen, or leave it</source>
            <translation>Passer en plein écran ou en sortir</translation>
        </message>
        <message>
            <source>This list</source>
            <translation>Cette liste</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Quitter</translation>
        </message>
        <message>
            <source>Save the check</source>
            <translation>Enregistrer la mesure</translation>
        </message>
        <message>
            <source>Copy the result: words and picture</source>
            <translation>Copier le résultat : texte et image</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>Marquer soi-même les pointes osseuses</translation>
        </message>
        <message>
            <source>Back to the result before</source>
            <translation>Retour au résultat précédent</translation>
        </message>
        <message>
            <source>Choose the first of several people; 2 the second</source>
            <translation>Choisir la première de plusieurs personnes ; 2 la deuxième</translation>
        </message>
        <message>
            <source>Open the selected one of several pictures</source>
            <translation>Ouvrir l’image sélectionnée parmi plusieurs</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Afficher l’image entière</translation>
        </message>
        <message>
            <source>Zoom in; Ctrl+- zooms out</source>
            <translation>Zoom avant ; Ctrl+- zoom arrière</translation>
        </message>
        <message>
            <source>Draw all lines, or none</source>
            <translation>Dessiner toutes les lignes ou aucune</translation>
        </message>
        <message>
            <source>The next point</source>
            <translation>Le point suivant</translation>
        </message>
        <message>
            <source>Arrow keys move the point; with Shift faster</source>
            <translation>Les flèches déplacent le point ; plus vite avec Maj</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abandonner</translation>
        </message>
        <message>
            <source>Stop; any other key does, too</source>
            <translation>Arrêter ; toute autre touche aussi</translation>
        </message>
        <message>
            <source>Pause, or go on</source>
            <translation>Mettre en pause ou continuer</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>J’ai mal</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Rechercher</translation>
        </message>
        <message>
            <source>Show the selected check</source>
            <translation>Afficher la mesure sélectionnée</translation>
        </message>
        <message>
            <source>Copy the check that is shown</source>
            <translation>Copier la mesure affichée</translation>
        </message>
        <message>
            <source>Compare the two that are selected</source>
            <translation>Comparer les deux mesures sélectionnées</translation>
        </message>
        <message>
            <source>Delete what is selected</source>
            <translation>Supprimer la sélection</translation>
        </message>
        <message>
            <source>Read the history again</source>
            <translation>Relire l’historique</translation>
        </message>
    </context>
    <context>
        <name>LiveIntro</name>
        <message>
            <source>Switch the camera on and begin</source>
            <translation>Allumer la caméra et commencer</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Démarrer</translation>
        </message>
    </context>
    <context>
        <name>LiveSetup</name>
        <message>
            <source>Measuring more often makes a check surer</source>
            <translation>Mesurer plusieurs fois rend la mesure plus sûre</translation>
        </message>
        <message>
            <source>More shows the outline better, but is slower</source>
            <translation>Plus élevée, elle montre mieux le contour, mais c’est plus lent</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>Préparatifs</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Que faire</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Mesure</translation>
        </message>
        <message>
            <source>Measure the tilt of the pelvis</source>
            <translation>Mesurer la bascule du bassin</translation>
        </message>
        <message>
            <source>Squeeze test</source>
            <translation>Test de contraction</translation>
        </message>
        <message>
            <source>See how far the pelvis turns backward when you squeeze your buttocks</source>
            <translation>Voir de combien le bassin bascule vers l’arrière quand vous contractez les fessiers</translation>
        </message>
        <message>
            <source>See how far you can turn the pelvis, and where you stand in between</source>
            <translation>Voir jusqu’où vous pouvez basculer le bassin, et où il se place entre les deux</translation>
        </message>
        <message>
            <source>From three photographs…</source>
            <translation>À partir de trois photos…</translation>
        </message>
        <message>
            <source>Work out the range test from a picture of each position</source>
            <translation>Calculer le test de mobilité à partir d’une image de chaque position</translation>
        </message>
        <message>
            <source>Repeats</source>
            <translation>Répétitions</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Caméra</translation>
        </message>
        <message>
            <source>Resolution</source>
            <translation>Résolution</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>Image en miroir</translation>
        </message>
        <message>
            <source>This changes what you see, not what is measured</source>
            <translation>Cela change ce que vous voyez, pas ce qui est mesuré</translation>
        </message>
        <message>
            <source>Start when this page opens</source>
            <translation>Démarrer à l’ouverture de la page</translation>
        </message>
        <message>
            <source>Otherwise the camera waits for Start each time</source>
            <translation>Sinon, la caméra attend chaque fois que vous appuyiez sur Démarrer</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>Où placer la caméra</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>Son</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Voix</translation>
        </message>
        <message>
            <source>Instructions are spoken</source>
            <translation>Les consignes sont dites à voix haute</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>Sons</translation>
        </message>
        <message>
            <source>For the beginning and the end, and where there is no voice</source>
            <translation>Pour le début et la fin, et là où il n’y a pas de voix</translation>
        </message>
    </context>
    <context>
        <name>LiveResult</name>
        <message>
            <source>Result of the live check</source>
            <translation>Résultat de la mesure en direct</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Détails du résultat</translation>
        </message>
        <message>
            <source>Check again</source>
            <translation>Mesurer à nouveau</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>Rallumer la caméra</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <source>Remove this check from the history</source>
            <translation>Retirer cette mesure de l’historique</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Garder</translation>
        </message>
        <message>
            <source>Save what was measured so far</source>
            <translation>Enregistrer ce qui a été mesuré jusqu’ici</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Ne pas garder</translation>
        </message>
        <message>
            <source>Save nothing</source>
            <translation>Ne rien enregistrer</translation>
        </message>
        <message>
            <source>Calibrate with this check</source>
            <translation>Étalonner avec cette mesure</translation>
        </message>
        <message>
            <source>Learn from the stickers how your bones differ from your outline</source>
            <translation>Déduire des pastilles en quoi vos os diffèrent de votre contour</translation>
        </message>
    </context>
    <context>
        <name>LivePage</name>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Switch the camera off for now</source>
            <translation>Éteindre la caméra pour le moment</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <source>Stop; what was measured can be kept (Esc)</source>
            <translation>Arrêter ; ce qui a été mesuré peut être gardé (Échap)</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>Préparatifs</translation>
        </message>
        <message>
            <source>Show or hide the set-up</source>
            <translation>Afficher ou masquer les préparatifs</translation>
        </message>
    </context>
    <context>
        <name>RangePhotographs</name>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>Back to the camera</source>
            <translation>Retour à la caméra</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Images ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Tous les fichiers (*)</translation>
        </message>
    </context>
    <context>
        <name>LiveStage</name>
        <message>
            <source>Live picture</source>
            <translation>Image en direct</translation>
        </message>
    </context>
    <context>
        <name>LiveTest</name>
        <message>
            <source>Test again</source>
            <translation>Refaire le test</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>Rallumer la caméra</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <source>Remove this test from the history</source>
            <translation>Retirer ce test de l’historique</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Enregistrer</translation>
        </message>
        <message>
            <source>Try to save this test again</source>
            <translation>Essayer de nouveau d’enregistrer ce test</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Usual text size</source>
            <translation>Taille de texte habituelle</translation>
        </message>
        <message>
            <source>There is no backup of your checks yet. Settings makes one.</source>
            <translation>Vos mesures n’ont pas encore de sauvegarde. Vous pouvez en créer une dans les Réglages.</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Quitter</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Rétablir</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Raccourcis</translation>
        </message>
        <message>
            <source>Full screen</source>
            <translation>Plein écran</translation>
        </message>
        <message>
            <source>Your last backup is from {day}. Settings makes a new one.</source>
            <translation>Votre dernière sauvegarde date du {day}. Vous pouvez en refaire une dans les Réglages.</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Ouvrir</translation>
        </message>
        <message>
            <source>Paste</source>
            <translation>Coller</translation>
        </message>
        <message>
            <source>Larger text</source>
            <translation>Agrandir le texte</translation>
        </message>
        <message>
            <source>Smaller text</source>
            <translation>Réduire le texte</translation>
        </message>
    </context>
    <context>
        <name>Navigation</name>
        <message>
            <source>Pages</source>
            <translation>Pages</translation>
        </message>
        <message>
            <source>Find, add or change people…</source>
            <translation>Trouver, ajouter ou modifier des personnes…</translation>
        </message>
        <message>
            <source>Whose checks are shown: {name}</source>
            <translation>Mesures affichées : {name}</translation>
        </message>
        <message>
            <source>{title}: a break is due</source>
            <translation>{title} : c’est l’heure d’une pause</translation>
        </message>
        <message>
            <source>Person: {name}</source>
            <translation>Personne : {name}</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Deleted all people with all their checks</source>
            <translation>Toutes les personnes et leurs mesures supprimées</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Mesurer</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>Direct</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Exercices</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>Moins assis</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historique</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Réglages</translation>
        </message>
    </context>
    <context>
        <name>PeopleCard</name>
        <message>
            <source>Each person has a history of their own. To rename somebody, select the name and press F2, or click it twice.</source>
            <translation>Chaque personne a son propre historique. Pour renommer quelqu’un, sélectionnez le nom et appuyez sur F2, ou cliquez dessus deux fois.</translation>
        </message>
        <message>
            <source>People</source>
            <translation>Personnes</translation>
        </message>
        <message>
            <source>Search by name or ID</source>
            <translation>Rechercher par nom ou ID</translation>
        </message>
        <message>
            <source>How people are sorted</source>
            <translation>Ordre des personnes</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Nom</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>ID</translation>
        </message>
        <message>
            <source>Last seen</source>
            <translation>Dernière visite</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>Prochaine mesure</translation>
        </message>
        <message>
            <source>People whose checks are kept</source>
            <translation>Personnes dont les mesures sont gardées</translation>
        </message>
        <message>
            <source>Name of the person to add</source>
            <translation>Nom de la personne à ajouter</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Ajouter</translation>
        </message>
        <message>
            <source>Add person</source>
            <translation>Ajouter une personne</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Retirer</translation>
        </message>
        <message>
            <source>Remove the selected person</source>
            <translation>Retirer la personne sélectionnée</translation>
        </message>
        <message>
            <source>Show checks</source>
            <translation>Voir les mesures</translation>
        </message>
        <message>
            <source>Go on with the selected person</source>
            <translation>Continuer avec la personne sélectionnée</translation>
        </message>
        <message>
            <source>Renamed {before}</source>
            <translation>Personne renommée : {before}</translation>
        </message>
        <message>
            <source>Select the person to remove first.</source>
            <translation>Sélectionnez d’abord la personne à retirer.</translation>
        </message>
        <message>
            <source>Removed {name} with all checks</source>
            <translation>Personne retirée avec toutes ses mesures : {name}</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>à faire depuis le {day}</translation>
        </message>
        <message>
            <source>Added {name}</source>
            <translation>Personne ajoutée : {name}</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>Par nom</translation>
        </message>
        <message>
            <source>Last seen first</source>
            <translation>Dernière visite d’abord</translation>
        </message>
        <message>
            <source>Next check first</source>
            <translation>Prochaine mesure d’abord</translation>
        </message>
    </context>
    <context>
        <name>DetailsRow</name>
        <message>
            <source>ID of the selected person</source>
            <translation>ID de la personne sélectionnée</translation>
        </message>
        <message>
            <source>Birth year of the selected person</source>
            <translation>Année de naissance de la personne sélectionnée</translation>
        </message>
        <message>
            <source>Next check of the selected person</source>
            <translation>Prochaine mesure de la personne sélectionnée</translation>
        </message>
        <message>
            <source>On that day a line in the window reminds you.</source>
            <translation>Ce jour-là, une ligne dans la fenêtre vous le rappelle.</translation>
        </message>
        <message>
            <source>Day of the next check</source>
            <translation>Jour de la prochaine mesure</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>ID</translation>
        </message>
        <message>
            <source>Born</source>
            <translation>Naissance</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>Prochaine mesure</translation>
        </message>
        <message>
            <source>Changed what is known of {name}</source>
            <translation>Informations modifiées : {name}</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Aucune</translation>
        </message>
        <message>
            <source>On a day</source>
            <translation>À une date</translation>
        </message>
    </context>
    <context>
        <name>MarkEditor</name>
        <message>
            <source>{name}: drag it, or use the arrow keys; Tab goes to the next</source>
            <translation>{name} : faites glisser, ou utilisez les flèches ; Tab passe au suivant</translation>
        </message>
        <message>
            <source>Front point</source>
            <translation>Point avant</translation>
        </message>
        <message>
            <source>Back point</source>
            <translation>Point arrière</translation>
        </message>
        <message>
            <source>Upper end of the plumb line</source>
            <translation>Haut du fil à plomb</translation>
        </message>
        <message>
            <source>Lower end of the plumb line</source>
            <translation>Bas du fil à plomb</translation>
        </message>
    </context>
    <context>
        <name>PointsDrawing</name>
        <message>
            <source>Drawing: where the two bony points are</source>
            <translation>Dessin : où sont les deux pointes osseuses</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>point avant</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>point arrière</translation>
        </message>
    </context>
    <context>
        <name>PictureView</name>
        <message>
            <source>Picture</source>
            <translation>Image</translation>
        </message>
    </context>
    <context>
        <name>PracticeCard</name>
        <message>
            <source>For physiotherapists: this stands at the top of each report. Others leave it empty.</source>
            <translation>Pour les kinésithérapeutes : ce texte figure en haut de chaque rapport. Sinon, laissez vide.</translation>
        </message>
        <message>
            <source>Your practice</source>
            <translation>Votre cabinet</translation>
        </message>
        <message>
            <source>Name of your practice</source>
            <translation>Nom de votre cabinet</translation>
        </message>
        <message>
            <source>Logo of your practice</source>
            <translation>Logo de votre cabinet</translation>
        </message>
        <message>
            <source>Choose logo…</source>
            <translation>Choisir un logo…</translation>
        </message>
        <message>
            <source>Remove logo</source>
            <translation>Retirer le logo</translation>
        </message>
        <message>
            <source>Choose logo</source>
            <translation>Choisir un logo</translation>
        </message>
        <message>
            <source>Changed the name of the practice</source>
            <translation>Nom du cabinet modifié</translation>
        </message>
        <message>
            <source>Changed the logo of the practice</source>
            <translation>Logo du cabinet modifié</translation>
        </message>
        <message>
            <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif)</source>
            <translation>Images (*.png *.jpg *.jpeg *.webp *.gif)</translation>
        </message>
    </context>
    <context>
        <name>RatingPage</name>
        <message>
            <source>Zoom out</source>
            <translation>Zoom arrière</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Zoom avant</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>Ajuster</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Afficher l’image entière</translation>
        </message>
    </context>
    <context>
        <name>RatingPanel</name>
        <message>
            <source>Change my last answer</source>
            <translation>Changer ma dernière réponse</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>À poser sur un cadre de porte ou l’arête d’un mur</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>Annuler la dernière étape</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Rétablir</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Rétablir</translation>
        </message>
        <message>
            <source>This is an answer, too</source>
            <translation>C’est aussi une réponse</translation>
        </message>
        <message>
            <source>Keep this answer and go on</source>
            <translation>Garder cette réponse et continuer</translation>
        </message>
        <message>
            <source>For a slip: until you answer again, the last answer holds</source>
            <translation>En cas d’erreur : tant que vous n’avez pas répondu à nouveau, la dernière réponse compte</translation>
        </message>
        <message>
            <source>Hide the photograph and stop the clock</source>
            <translation>Masquer la photo et arrêter le chrono</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>Retirer le fil à plomb</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>Ajouter un fil à plomb</translation>
        </message>
        <message>
            <source>Finish</source>
            <translation>Finir</translation>
        </message>
        <message>
            <source>Next photograph</source>
            <translation>Photo suivante</translation>
        </message>
        <message>
            <source>Have the arrow keys move this point</source>
            <translation>Déplacer ce point avec les flèches</translation>
        </message>
    </context>
    <context>
        <name>RatingStart</name>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Commencer</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Continuer</translation>
        </message>
    </context>
    <context>
        <name>RatingPause</name>
        <message>
            <source>Go on</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
    </context>
    <context>
        <name>RatingEnd</name>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Change my last answer</source>
            <translation>Changer ma dernière réponse</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Ouvrir le dossier</translation>
        </message>
    </context>
    <context>
        <name>RatingWindow</name>
        <message>
            <source>Keeping your answer</source>
            <translation>Enregistrement de votre réponse</translation>
        </message>
    </context>
    <context>
        <name>ReportDialog</name>
        <message>
            <source>A report to bring to a physiotherapist. Person: {name}</source>
            <translation>Un rapport à apporter au kinésithérapeute. Personne : {name}</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Rapport</translation>
        </message>
        <message>
            <source>Blur the face in the pictures</source>
            <translation>Flouter le visage sur les images</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>Enregistrer en PDF…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
    </context>
    <context>
        <name>ReportSaved</name>
        <message>
            <source>Report</source>
            <translation>Rapport</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Ouvrir</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>Afficher dans le dossier</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>The report is saved in {path}.</source>
            <translation>Le rapport est enregistré dans {path}.</translation>
        </message>
        <message>
            <source>No program on this computer opens {path}.</source>
            <translation>Aucun programme de cet ordinateur n’ouvre {path}.</translation>
        </message>
    </context>
    <context>
        <name>ReportActions</name>
        <message>
            <source>Save the report</source>
            <translation>Enregistrer le rapport</translation>
        </message>
        <message>
            <source>The history is still being opened. Try again in a moment.</source>
            <translation>L’historique est encore en cours d’ouverture. Réessayez dans un instant.</translation>
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
            <translation>Supprimé récemment</translation>
        </message>
        <message>
            <source>What was deleted</source>
            <translation>Ce qui a été supprimé</translation>
        </message>
        <message>
            <source>Bring back</source>
            <translation>Récupérer</translation>
        </message>
        <message>
            <source>Delete for good…</source>
            <translation>Supprimer pour de bon…</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>Supprimer pour de bon</translation>
        </message>
        <message>
            <source>Delete what you selected for good? This cannot be undone.</source>
            <translation>Supprimer la sélection pour de bon ? C’est irréversible.</translation>
        </message>
        <message>
            <source>What you delete stays here for {days} days, and then goes for good.</source>
            <translation>Ce que vous supprimez reste ici {days} jours, puis disparaît pour de bon.</translation>
        </message>
    </context>
    <context>
        <name>DeleteEverything</name>
        <message>
            <source>DELETE</source>
            <translation>SUPPRIMER</translation>
        </message>
        <message>
            <source>Delete everything</source>
            <translation>Tout supprimer</translation>
        </message>
        <message>
            <source>Make a backup first…</source>
            <translation>D’abord une sauvegarde…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>This deletes all people with all their checks and pictures. For {days} days you can bring them back, from the list of what was recently deleted.</source>
            <translation>Cela supprime toutes les personnes avec toutes leurs mesures et images. Pendant {days} jours, vous pouvez les récupérer dans la liste de ce qui a été supprimé récemment.</translation>
        </message>
        <message>
            <source>Type {word} to go on.</source>
            <translation>Tapez {word} pour continuer.</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>The copy has no date, place or camera in it. Without it only numbers are kept, and two checks cannot be laid over one another. You can choose again for each check.</source>
            <translation>La copie ne contient ni la date, ni le lieu, ni le nom de l’appareil photo. Sans elle, seuls les chiffres sont gardés, et deux mesures ne peuvent pas être superposées. Vous pouvez en décider autrement pour chaque mesure.</translation>
        </message>
        <message>
            <source>Everything stays on this computer, in the folder below. Nothing is sent anywhere.</source>
            <translation>Tout reste sur cet ordinateur, dans le dossier ci-dessous. Rien n’est envoyé nulle part.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Réglages</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>Aide</translation>
        </message>
        <message>
            <source>Light or dark</source>
            <translation>Clair ou sombre</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Langue</translation>
        </message>
        <message>
            <source>Same as the system</source>
            <translation>Comme le système</translation>
        </message>
        <message>
            <source>Text size</source>
            <translation>Taille du texte</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>Apparence</translation>
        </message>
        <message>
            <source>Keep a small copy of each picture</source>
            <translation>Garder une petite copie de chaque image</translation>
        </message>
        <message>
            <source>Remember the last pictures you opened</source>
            <translation>Retenir les dernières images ouvertes</translation>
        </message>
        <message>
            <source>Forget them</source>
            <translation>Les oublier</translation>
        </message>
        <message>
            <source>Forget the pictures you opened last</source>
            <translation>Oublier les dernières images ouvertes</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>Images</translation>
        </message>
        <message>
            <source>Folder of your data</source>
            <translation>Dossier de vos données</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Ouvrir le dossier</translation>
        </message>
        <message>
            <source>Back up…</source>
            <translation>Sauvegarder…</translation>
        </message>
        <message>
            <source>Everything with its pictures in one file, to keep on another disk</source>
            <translation>Tout, avec les images, dans un seul fichier à garder sur un autre disque</translation>
        </message>
        <message>
            <source>Blur all faces in the backup</source>
            <translation>Flouter tous les visages dans la sauvegarde</translation>
        </message>
        <message>
            <source>For a copy that others see: the faces cannot be had back from it.</source>
            <translation>Pour une copie que d’autres verront : les visages ne pourront pas y être rétablis.</translation>
        </message>
        <message>
            <source>Bring a backup back…</source>
            <translation>Restaurer…</translation>
        </message>
        <message>
            <source>Adds what is missing; nothing that is there is changed</source>
            <translation>Ajoute ce qui manque ; rien de ce qui est là n’est modifié</translation>
        </message>
        <message>
            <source>Delete everything…</source>
            <translation>Tout supprimer…</translation>
        </message>
        <message>
            <source>All people with all their checks and pictures; asks before it does</source>
            <translation>Toutes les personnes avec toutes leurs mesures et images ; une confirmation est demandée</translation>
        </message>
        <message>
            <source>Your data</source>
            <translation>Vos données</translation>
        </message>
        <message>
            <source>There is no backup yet.</source>
            <translation>Il n’y a pas encore de sauvegarde.</translation>
        </message>
        <message>
            <source>Log…</source>
            <translation>Journal…</translation>
        </message>
        <message>
            <source>What went wrong, for a report</source>
            <translation>Ce qui n’a pas marché, pour un signalement</translation>
        </message>
        <message>
            <source>About Beltline</source>
            <translation>À propos de Beltline</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Clair</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Sombre</translation>
        </message>
        <message>
            <source>The last backup was made on {day}.</source>
            <translation>La dernière sauvegarde date du {day}.</translation>
        </message>
        <message>
            <source>Version {version}. Free software under the GNU General Public Licence, version 3 or later. People are found with MediaPipe's pose model (Apache 2.0); the outline is read by a model of our own, trained on computer-made bodies. That tests geometry and does not prove accuracy on people.</source>
            <translation>Version {version}. Logiciel libre sous licence publique générale GNU, version 3 ou ultérieure. Les personnes sont repérées par le modèle de pose de MediaPipe (Apache 2.0) ; le contour est lu par un modèle maison, entraîné sur des corps créés par ordinateur. Cela vérifie la géométrie et ne prouve pas l’exactitude sur de vraies personnes.</translation>
        </message>
    </context>
    <context>
        <name>CameraChoice</name>
        <message>
            <source>Camera</source>
            <translation>Caméra</translation>
        </message>
        <message>
            <source>What the pictures come from</source>
            <translation>D’où viennent les images</translation>
        </message>
        <message>
            <source>None chosen</source>
            <translation>Aucune choisie</translation>
        </message>
        <message>
            <source>Address of the camera</source>
            <translation>Adresse de la caméra</translation>
        </message>
        <message>
            <source>Connect</source>
            <translation>Connecter</translation>
        </message>
        <message>
            <source>Take pictures from this address</source>
            <translation>Prendre les images à cette adresse</translation>
        </message>
        <message>
            <source>Phone or network camera…</source>
            <translation>Téléphone ou caméra réseau…</translation>
        </message>
        <message>
            <source>Film…</source>
            <translation>Vidéo…</translation>
        </message>
        <message>
            <source>Choose a film</source>
            <translation>Choisir une vidéo</translation>
        </message>
        <message>
            <source>Films ({patterns})</source>
            <translation>Vidéos ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Tous les fichiers (*)</translation>
        </message>
    </context>
    <context>
        <name>Disclosure</name>
        <message>
            <source>{what}, shown</source>
            <translation>{what}, déplié</translation>
        </message>
        <message>
            <source>{what}, hidden</source>
            <translation>{what}, replié</translation>
        </message>
        <message>
            <source>▾ Less</source>
            <translation>▾ Moins</translation>
        </message>
        <message>
            <source>▸ More</source>
            <translation>▸ Plus</translation>
        </message>
    </context>
    <context>
        <name>ProgressSign</name>
        <message>
            <source>Measuring</source>
            <translation>Mesure en cours</translation>
        </message>
    </context>
    <context>
        <name>_CloseButton</name>
        <message>
            <source>Close this line</source>
            <translation>Fermer cette ligne</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
    </context>
    <context>
        <name>UndoBar</name>
        <message>
            <source>Undo</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Take it back ({keys})</source>
            <translation>Annuler cette action ({keys})</translation>
        </message>
        <message>
            <source>Undo: {what}</source>
            <translation>Annuler : {what}</translation>
        </message>
    </context>
    <context>
        <name>ErrorBar</name>
        <message>
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <source>Read the history again (F5)</source>
            <translation>Relire l’historique (F5)</translation>
        </message>
        <message>
            <source>Beltline itself failed at this. Nothing that was saved is lost; try again, and report it if it happens again.</source>
            <translation>Une erreur de Beltline s’est produite. Rien de ce qui était enregistré n’est perdu ; réessayez, et signalez-le si cela se reproduit.</translation>
        </message>
    </context>
    <context>
        <name>TiltDial</name>
        <message>
            <source>Scale</source>
            <translation>Échelle</translation>
        </message>
        <message>
            <source>level</source>
            <translation>horizontal</translation>
        </message>
        <message>
            <source>← backward</source>
            <translation>← arrière</translation>
        </message>
        <message>
            <source>forward →</source>
            <translation>avant →</translation>
        </message>
        <message>
            <source>← higher in front</source>
            <translation>← plus haut à l’avant</translation>
        </message>
        <message>
            <source>lower in front →</source>
            <translation>plus bas à l’avant →</translation>
        </message>
        <message>
            <source>{number} Shown with the {range}.</source>
            <translation>{number} Affiché avec : {range}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.engine</name>
        <message>
            <source>The database on a server needs the package psycopg, which is not installed.</source>
            <translation>La base de données sur un serveur a besoin du paquet psycopg, qui n’est pas installé.</translation>
        </message>
        <message>
            <source>Install it with: pip install "beltline[postgresql]".</source>
            <translation>Installez-le avec : pip install "beltline[postgresql]".</translation>
        </message>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>Écrivez-la sous la forme postgresql://utilisateur:motdepasse@hote/base, ou ne l’indiquez pas.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>{variable} n’est pas l’adresse d’une base de données PostgreSQL.</translation>
        </message>
        <message>
            <source>The database on the server cannot be reached.</source>
            <translation>La base de données du serveur est injoignable.</translation>
        </message>
        <message>
            <source>The disk of the database server is full.</source>
            <translation>Le disque du serveur de base de données est plein.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server.</source>
            <translation>Demandez à la personne qui s’occupe du serveur.</translation>
        </message>
        <message>
            <source>Nothing may be written to the database on the server.</source>
            <translation>Il n’est pas permis d’écrire dans la base de données du serveur.</translation>
        </message>
        <message>
            <source>The database server is just starting or stopping, or serves too many others.</source>
            <translation>Le serveur de base de données est en train de démarrer ou de s’arrêter, ou a trop de connexions.</translation>
        </message>
        <message>
            <source>Wait a minute, then try again.</source>
            <translation>Attendez une minute, puis réessayez.</translation>
        </message>
        <message>
            <source>The database server does not take the settings, such as search_path, that the address of the database brings.</source>
            <translation>Le serveur de base de données n’accepte pas les réglages, comme search_path, que contient l’adresse de la base.</translation>
        </message>
        <message>
            <source>The database server does not let this user in, or has no such database.</source>
            <translation>Le serveur de base de données refuse cet utilisateur, ou cette base n’y existe pas.</translation>
        </message>
        <message>
            <source>Check the network, and the address in {variable}.</source>
            <translation>Vérifiez le réseau, et l’adresse dans {variable}.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server, or name another one in {variable}.</source>
            <translation>Demandez à la personne qui s’occupe du serveur, ou indiquez-en un autre dans {variable}.</translation>
        </message>
        <message>
            <source>Check what follows the name of the database in {variable}.</source>
            <translation>Vérifiez ce qui suit le nom de la base de données dans {variable}.</translation>
        </message>
        <message>
            <source>Check user, password and database in {variable}.</source>
            <translation>Vérifiez l’utilisateur, le mot de passe et la base de données dans {variable}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.merge</name>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>plus de personnes que Beltline n’en garde</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.open</name>
        <message>
            <source>on the server</source>
            <translation>du serveur</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.profiles</name>
        <message>
            <source>Choose another name.</source>
            <translation>Choisissez un autre nom.</translation>
        </message>
        <message>
            <source>There is a person named '{name}' already.</source>
            <translation>Il y a déjà une personne nommée « {name} ».</translation>
        </message>
    </context>
    <context>
        <name>app.history.errors</name>
        <message>
            <source>what is known of person {id}</source>
            <translation>les informations sur la personne {id}</translation>
        </message>
        <message>
            <source>check {id}</source>
            <translation>la mesure {id}</translation>
        </message>
        <message>
            <source>parts of check {id}</source>
            <translation>des parties de la mesure {id}</translation>
        </message>
        <message>
            <source>squeeze test {id}</source>
            <translation>le test de contraction {id}</translation>
        </message>
        <message>
            <source>diary entry {id}</source>
            <translation>l’entrée {id} du carnet</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures belong to no check of this history and were put aside in '{folder}'.</source>
            <translation>
                <numerusform>{count} image n’appartient à aucune mesure de cet historique et a été mise de côté dans « {folder} ».</numerusform>
                <numerusform>{count} images n’appartiennent à aucune mesure de cet historique et ont été mises de côté dans « {folder} ».</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>If you have put an older copy of the history in place, put the newer one back, and they return by themselves; otherwise they are deleted after {count} days.</source>
            <translation>
                <numerusform>Si vous avez remis en place une copie plus ancienne de l’historique, remettez la plus récente et elles reviendront d’elles-mêmes ; sinon, elles seront supprimées après {count} jour.</numerusform>
                <numerusform>Si vous avez remis en place une copie plus ancienne de l’historique, remettez la plus récente et elles reviendront d’elles-mêmes ; sinon, elles seront supprimées après {count} jours.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures of deleted checks could not be deleted from '{folder}'.</source>
            <translation>
                <numerusform>{count} image d’une mesure supprimée n’a pas pu être supprimée de « {folder} ».</numerusform>
                <numerusform>{count} images de mesures supprimées n’ont pas pu être supprimées de « {folder} ».</numerusform>
            </translation>
        </message>
        <message>
            <source>There is no check number {named} in the history.</source>
            <translation>Il n’y a pas de mesure numéro {named} dans l’historique.</translation>
        </message>
        <message>
            <source>It may have been deleted; see which ones there are with: beltline history list.</source>
            <translation>Elle a peut-être été supprimée ; pour voir celles qui existent : beltline history list.</translation>
        </message>
        <message>
            <source>Check number {named} is damaged and cannot be shown.</source>
            <translation>La mesure numéro {named} est endommagée et ne peut pas être affichée.</translation>
        </message>
        <message>
            <source>All others can; an earlier copy of the history may still have it, see: beltline history copies.</source>
            <translation>Toutes les autres peuvent l’être ; une copie antérieure de l’historique la contient peut-être encore, voir : beltline history copies.</translation>
        </message>
        <message>
            <source>Nothing that was deleted goes by the name '{named}'.</source>
            <translation>Rien de ce qui a été supprimé ne porte le nom « {named} ».</translation>
        </message>
        <message>
            <source>See what can be had back with: beltline history bin.</source>
            <translation>Pour voir ce qui peut être récupéré : beltline history bin.</translation>
        </message>
        <message>
            <source>This squeeze test is no longer in the history.</source>
            <translation>Ce test de contraction n’est plus dans l’historique.</translation>
        </message>
        <message>
            <source>It may have been deleted in another window; read the history again.</source>
            <translation>Il a peut-être été supprimé dans une autre fenêtre ; rechargez l’historique.</translation>
        </message>
        <message>
            <source>Another program is using the history and does not let go of it.</source>
            <translation>Un autre programme utilise l’historique et ne le libère pas.</translation>
        </message>
        <message>
            <source>Close other windows of Beltline, then try again.</source>
            <translation>Fermez les autres fenêtres de Beltline, puis réessayez.</translation>
        </message>
        <message>
            <source>The history in '{named}' is damaged, so nothing is written into it.</source>
            <translation>L’historique dans « {named} » est endommagé ; rien n’y est donc écrit.</translation>
        </message>
        <message>
            <source>Settings saves what can still be read, and so does: beltline history salvage. Earlier copies are listed by: beltline history copies.</source>
            <translation>Les Réglages permettent d’enregistrer ce qui est encore lisible, tout comme : beltline history salvage. Pour la liste des copies antérieures : beltline history copies.</translation>
        </message>
        <message>
            <source>There is no history in '{named}', so there is nothing to save.</source>
            <translation>Il n’y a pas d’historique dans « {named} » ; il n’y a donc rien à enregistrer.</translation>
        </message>
        <message>
            <source>Copies of earlier days are listed by: beltline history copies.</source>
            <translation>Pour la liste des copies des jours précédents : beltline history copies.</translation>
        </message>
        <message>
            <source>There is a file '{named}' already.</source>
            <translation>Il y a déjà un fichier « {named} ».</translation>
        </message>
        <message>
            <source>Choose another name.</source>
            <translation>Choisissez un autre nom.</translation>
        </message>
        <message>
            <source>There is no copy of the history of the day '{named}'.</source>
            <translation>Il n’y a pas de copie de l’historique pour le jour « {named} ».</translation>
        </message>
        <message>
            <source>See which ones there are with: beltline history copies.</source>
            <translation>Pour voir celles qui existent : beltline history copies.</translation>
        </message>
        <message>
            <source>The file '{named}' is damaged or no history of Beltline's, so nothing was changed.</source>
            <translation>Le fichier « {named} » est endommagé ou n’est pas un historique de Beltline ; rien n’a donc été modifié.</translation>
        </message>
        <message>
            <source>Choose another one; beltline history copies lists them.</source>
            <translation>Choisissez-en un autre ; pour en voir la liste : beltline history copies.</translation>
        </message>
        <message>
            <source>The history in '{named}' is an empty file and was left as it is.</source>
            <translation>L’historique dans « {named} » est un fichier vide et a été laissé tel quel.</translation>
        </message>
        <message>
            <source>Put a copy from a backup in its place, or move the file away to start afresh.</source>
            <translation>Remplacez-le par une copie tirée d’une sauvegarde, ou déplacez le fichier pour repartir de zéro.</translation>
        </message>
        <message>
            <source>The history in '{named}' was an empty file, so a new history was begun.</source>
            <translation>L’historique dans « {named} » était un fichier vide ; un nouvel historique a donc été commencé.</translation>
        </message>
        <message>
            <source>If there was a history before, import a backup of it.</source>
            <translation>S’il y avait un historique avant, importez-en une sauvegarde.</translation>
        </message>
        <message>
            <source>The history in '{named}' was replaced by another copy, so the last changes to the one before were put aside beside it.</source>
            <translation>L’historique dans « {named} » a été remplacé par une autre copie ; les dernières modifications du précédent ont donc été mises de côté dans le même dossier.</translation>
        </message>
        <message>
            <source>If that is not what you wanted, put the one before back from a backup.</source>
            <translation>Si ce n’est pas ce que vous vouliez, remettez le précédent à partir d’une sauvegarde.</translation>
        </message>
        <message>
            <source>The database {named} belongs to another program and was left as it is.</source>
            <translation>La base de données {named} appartient à un autre programme et a été laissée telle quelle.</translation>
        </message>
        <message>
            <source>Move it away, or name another database.</source>
            <translation>Déplacez-la, ou indiquez une autre base de données.</translation>
        </message>
        <message>
            <source>The history was written by a newer version of Beltline and was left as it is.</source>
            <translation>L’historique a été écrit par une version plus récente de Beltline et a été laissé tel quel.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline.</source>
            <translation>Installez la dernière version de Beltline.</translation>
        </message>
        <message>
            <source>The disk is full, so nothing could be written to '{named}'.</source>
            <translation>Le disque est plein ; rien n’a donc pu être écrit dans « {named} ».</translation>
        </message>
        <message>
            <source>Make some room on the disk, then try again.</source>
            <translation>Faites de la place sur le disque, puis réessayez.</translation>
        </message>
        <message>
            <source>Nothing may be written to '{named}'.</source>
            <translation>Il n’est pas permis d’écrire dans « {named} ».</translation>
        </message>
        <message>
            <source>Allow writing there in the folder's properties, or free the disk from its write protection.</source>
            <translation>Autorisez l’écriture dans les propriétés du dossier, ou retirez la protection en écriture du disque.</translation>
        </message>
        <message>
            <source>The history in '{named}' can be read, but nothing can be saved there.</source>
            <translation>L’historique dans « {named} » peut être lu, mais rien ne peut y être enregistré.</translation>
        </message>
        <message>
            <source>The history could not be brought up to this version of Beltline and was left as it was.</source>
            <translation>L’historique n’a pas pu être adapté à cette version de Beltline et a été laissé tel quel.</translation>
        </message>
        <message>
            <source>Use the version that you had before, and report what happened.</source>
            <translation>Utilisez la version que vous aviez avant, et signalez ce qui s’est passé.</translation>
        </message>
        <message>
            <source>This person is not in the history any more.</source>
            <translation>Cette personne n’est plus dans l’historique.</translation>
        </message>
        <message>
            <source>Save a check first.</source>
            <translation>Enregistrez d’abord une mesure.</translation>
        </message>
        <message>
            <source>Choose another person.</source>
            <translation>Choisissez une autre personne.</translation>
        </message>
        <message>
            <source>There is no person named '{name}' in the history.</source>
            <translation>Aucune personne nommée « {name} » n’est dans l’historique.</translation>
        </message>
        <message>
            <source>There is {names}.</source>
            <translation>L’historique contient : {names}.</translation>
        </message>
        <message>
            <source>Choose a PNG or JPEG picture of your logo.</source>
            <translation>Choisissez une image PNG ou JPEG de votre logo.</translation>
        </message>
        <message>
            <source>All else is there; earlier copies may have it: see Settings, or beltline history copies.</source>
            <translation>Tout le reste est là ; des copies antérieures l’ont peut-être : voir les Réglages, ou beltline history copies.</translation>
        </message>
        <message>
            <source>The history is damaged in places, and this cannot be read: {rows}.</source>
            <translation>L’historique est endommagé par endroits, et ceci ne peut pas être lu : {rows}.</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>{count} de plus</translation>
        </message>
        <message>
            <source>Allow deleting there in the folder's properties, then open Beltline again.</source>
            <translation>Autorisez la suppression dans les propriétés du dossier, puis rouvrez Beltline.</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written ({why}).</source>
            <translation>Le disque qui contient « {where} » ne peut être ni lu ni écrit ({why}).</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written.</source>
            <translation>Le disque qui contient « {where} » ne peut être ni lu ni écrit.</translation>
        </message>
        <message>
            <source>Check that the disk is connected and in order, then try again.</source>
            <translation>Vérifiez que le disque est branché et en bon état, puis réessayez.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.backup</name>
        <message>
            <source>The backup cannot be written to '{path}' ({why}).</source>
            <translation>La sauvegarde ne peut pas être écrite dans « {path} » ({why}).</translation>
        </message>
        <message>
            <source>Check the disk, or choose another one.</source>
            <translation>Vérifiez le disque, ou choisissez-en un autre.</translation>
        </message>
        <message>
            <source>The backup written to '{path}' does not read back as it was written.</source>
            <translation>La sauvegarde écrite dans « {path} », une fois relue, n’est pas identique à ce qui a été écrit.</translation>
        </message>
        <message>
            <source>Take an older backup, or copy this one again from where it was kept.</source>
            <translation>Prenez une sauvegarde plus ancienne, ou recopiez celle-ci depuis l’endroit où elle était gardée.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then bring it back.</source>
            <translation>Installez la dernière version de Beltline, puis restaurez-la.</translation>
        </message>
        <message>
            <source>The backup '{name}' is damaged, so nothing was brought back.</source>
            <translation>La sauvegarde « {name} » est endommagée ; rien n’a donc été restauré.</translation>
        </message>
        <message>
            <source>The backup '{name}' was made by another version of Beltline.</source>
            <translation>La sauvegarde « {name} » a été faite par une autre version de Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' is no backup of Beltline's.</source>
            <translation>Le fichier « {name} » n’est pas une sauvegarde de Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>Choisissez un fichier {suffix} écrit par Beltline.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.csv_format</name>
        <message>
            <source>the columns are not those of an export</source>
            <translation>les colonnes ne sont pas celles d’un export</translation>
        </message>
        <message>
            <source>it is not in UTF-8</source>
            <translation>il n’est pas en UTF-8</translation>
        </message>
        <message>
            <source>check {number}: {why}</source>
            <translation>mesure {number} : {why}</translation>
        </message>
        <message>
            <source>it is no whole table after check {number}</source>
            <translation>le tableau est incomplet après la mesure {number}</translation>
        </message>
        <message>
            <source>its cells are not as many as the columns</source>
            <translation>pas autant de cellules que de colonnes</translation>
        </message>
        <message>
            <source>another version of the format</source>
            <translation>une autre version du format</translation>
        </message>
        <message>
            <source>{name}: neither a number nor JSON</source>
            <translation>{name} : ni un nombre ni du JSON</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.files</name>
        <message>
            <source>Choose a .csv or .json file that Beltline has exported.</source>
            <translation>Choisissez un fichier .csv ou .json exporté par Beltline.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then import it.</source>
            <translation>Installez la dernière version de Beltline, puis importez-le.</translation>
        </message>
        <message>
            <source>Export it once more, and do not change it by hand.</source>
            <translation>Exportez-le de nouveau, et ne le modifiez pas à la main.</translation>
        </message>
        <message>
            <source>The file '{name}' is no export of Beltline's history.</source>
            <translation>Le fichier « {name} » n’est pas un export de l’historique de Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' was exported by another version of Beltline.</source>
            <translation>Le fichier « {name} » a été exporté par une autre version de Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' is damaged ({why}), so nothing was imported.</source>
            <translation>Le fichier « {name} » est endommagé ({why}) ; rien n’a donc été importé.</translation>
        </message>
        <message>
            <source>its name makes no sense</source>
            <translation>son nom n’est pas valable</translation>
        </message>
        <message>
            <source>Check its name and its folder.</source>
            <translation>Vérifiez son nom et son dossier.</translation>
        </message>
        <message>
            <source>The file '{path}' cannot be read ({why}).</source>
            <translation>Le fichier « {path} » ne peut pas être lu ({why}).</translation>
        </message>
        <message>
            <source>The name '{path}' does not say which kind of file to write.</source>
            <translation>Le nom « {path} » n’indique pas quel type de fichier écrire.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffixes}.</source>
            <translation>Donnez un nom qui se termine par {suffixes}.</translation>
        </message>
        <message>
            <source> or </source>
            <translation> ou </translation>
        </message>
        <message>
            <source>The export cannot be written to '{path}' ({why}).</source>
            <translation>L’export ne peut pas être écrit dans « {path} » ({why}).</translation>
        </message>
        <message>
            <source>Choose a folder that exists, that you may write to, and that has room.</source>
            <translation>Choisissez un dossier qui existe, où vous avez le droit d’écrire et où il reste de la place.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.json_format</name>
        <message>
            <source>check {number}: {why}</source>
            <translation>mesure {number} : {why}</translation>
        </message>
        <message>
            <source>squeeze test {number}: {why}</source>
            <translation>test de contraction {number} : {why}</translation>
        </message>
        <message>
            <source>entry of the diary {number}: {why}</source>
            <translation>entrée {number} du carnet : {why}</translation>
        </message>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>plus de personnes que Beltline n’en garde</translation>
        </message>
        <message>
            <source>lists in lists without end</source>
            <translation>des listes imbriquées sans fin</translation>
        </message>
        <message>
            <source>{key}: no list</source>
            <translation>{key} : pas une liste</translation>
        </message>
        <message>
            <source>{key}: there twice</source>
            <translation>{key} : présent deux fois</translation>
        </message>
        <message>
            <source>it is no whole JSON</source>
            <translation>le JSON est incomplet</translation>
        </message>
        <message>
            <source>no object</source>
            <translation>pas un objet</translation>
        </message>
        <message>
            <source>its person is missing</source>
            <translation>sa personne manque</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.model</name>
        <message>
            <source>its values do not fit together</source>
            <translation>ses valeurs ne vont pas ensemble</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.sources</name>
        <message>
            <source>it is no ordinary file</source>
            <translation>ce n’est pas un fichier ordinaire</translation>
        </message>
        <message>
            <source>one entry of it is larger than any that Beltline keeps</source>
            <translation>l’une de ses entrées est plus grande que toutes celles que Beltline garde</translation>
        </message>
        <message>
            <source>it cannot be read to its end</source>
            <translation>il ne peut pas être lu jusqu’au bout</translation>
        </message>
    </context>
    <context>
        <name>app.history.place</name>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>Écrivez-la sous la forme postgresql://utilisateur:motdepasse@hote/base, ou ne l’indiquez pas.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>{variable} n’est pas l’adresse d’une base de données PostgreSQL.</translation>
        </message>
    </context>
    <context>
        <name>app.history.practice</name>
        <message>
            <source>The file '{name}' is far too large.</source>
            <translation>Le fichier « {name} » est beaucoup trop gros.</translation>
        </message>
        <message>
            <source>The file '{name}' cannot be read ({why}).</source>
            <translation>Le fichier « {name} » ne peut pas être lu ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no picture that can be read.</source>
            <translation>Le fichier « {name} » n’est pas une image lisible.</translation>
        </message>
    </context>
    <context>
        <name>app.history.store</name>
        <message>
            <source>Me</source>
            <translation>Moi</translation>
        </message>
    </context>
    <context>
        <name>app.history.values</name>
        <message>
            <source>The name is empty.</source>
            <translation>Le nom est vide.</translation>
        </message>
        <message>
            <source>Type a name.</source>
            <translation>Tapez un nom.</translation>
        </message>
        <message>
            <source>Choose a shorter one.</source>
            <translation>Choisissez-en un plus court.</translation>
        </message>
        <message>
            <source>The name is longer than {count} letters.</source>
            <translation>Le nom dépasse {count} caractères.</translation>
        </message>
        <message>
            <source>The ID is longer than {count} letters.</source>
            <translation>L’ID dépasse {count} caractères.</translation>
        </message>
        <message>
            <source>{year} cannot be a year of birth.</source>
            <translation>{year} ne peut pas être une année de naissance.</translation>
        </message>
        <message>
            <source>Give a year from {first} to {last}, or leave it out.</source>
            <translation>Donnez une année entre {first} et {last}, ou n’en donnez pas.</translation>
        </message>
        <message>
            <source>it</source>
            <translation>l’entrée</translation>
        </message>
        <message>
            <source>{where} holds something else than it should</source>
            <translation>{where} contient autre chose que prévu</translation>
        </message>
        <message>
            <source>{where} is missing</source>
            <translation>il manque {where}</translation>
        </message>
    </context>
    <context>
        <name>app.phone.words</name>
        <message>
            <source>There is nothing here. Look at the computer for a new address.</source>
            <translation>Il n’y a rien ici. Regardez sur l’ordinateur s’il y a une nouvelle adresse.</translation>
        </message>
        <message>
            <source>Another phone is taking the pictures. To use this one, press Cancel on the computer and begin again.</source>
            <translation>Un autre téléphone prend déjà les photos. Pour utiliser celui-ci, appuyez sur Annuler sur l’ordinateur et recommencez.</translation>
        </message>
        <message>
            <source>No picture has come yet.</source>
            <translation>Aucune photo n’est encore arrivée.</translation>
        </message>
        <message>
            <source>No more pictures fit into one series.</source>
            <translation>La série est complète, elle ne peut pas contenir plus de photos.</translation>
        </message>
        <message>
            <source>This picture is too large: at most 40 MB.</source>
            <translation>Cette photo est trop lourde : 40 Mo au maximum.</translation>
        </message>
        <message>
            <source>These pictures are too large together.</source>
            <translation>Ces photos sont trop lourdes ensemble.</translation>
        </message>
        <message>
            <source>There is no room on the computer's disk.</source>
            <translation>Il n’y a plus de place sur le disque de l’ordinateur.</translation>
        </message>
        <message>
            <source>It took too long. Try again.</source>
            <translation>Cela a pris trop de temps. Réessayez.</translation>
        </message>
        <message>
            <source>The picture did not come whole. Try again.</source>
            <translation>La photo n’est pas arrivée entière. Réessayez.</translation>
        </message>
        <message>
            <source>Something went wrong on the computer. Try again.</source>
            <translation>Un problème est survenu sur l’ordinateur. Réessayez.</translation>
        </message>
        <message>
            <source>Phone picture {number}</source>
            <translation>Photo {number} du téléphone</translation>
        </message>
        <message>
            <source>Take pictures for Beltline</source>
            <translation>Prendre des photos pour Beltline</translation>
        </message>
        <message>
            <source>This page comes from the computer beside you. The pictures go to that computer and nowhere else. This phone keeps none of those it takes here.</source>
            <translation>Cette page vient de l’ordinateur à côté de vous. Les photos vont sur cet ordinateur et nulle part ailleurs. Ce téléphone ne garde aucune de celles qu’il prend ici.</translation>
        </message>
        <message>
            <source>This connection is not encrypted: others in the same network could see the pictures. Go on only in a network that you trust.</source>
            <translation>Cette connexion n’est pas chiffrée : d’autres personnes sur le même réseau pourraient voir les photos. Ne continuez que sur un réseau de confiance.</translation>
        </message>
        <message>
            <source>Stand the phone upright at the height of your hips, three metres away.</source>
            <translation>Posez le téléphone debout, à hauteur de vos hanches, à trois mètres.</translation>
        </message>
        <message>
            <source>Press Start, then “Start the timer”, and walk into the frame.</source>
            <translation>Appuyez sur Démarrer, puis sur « Lancer le minuteur », et entrez dans le cadre.</translation>
        </message>
        <message>
            <source>Stand side-on, whole body in the frame, fists on your collar-bones. The phone takes {pictures} pictures by itself and tells you when.</source>
            <translation>Placez-vous de profil, le corps entier dans le cadre, les poings sur les clavicules. Le téléphone prend {pictures} photos tout seul et vous dit quand.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Démarrer</translation>
        </message>
        <message>
            <source>Take single pictures instead</source>
            <translation>Prendre plutôt des photos une à une</translation>
        </message>
        <message>
            <source>First picture after</source>
            <translation>Première photo après</translation>
        </message>
        <message>
            <source>{seconds} seconds</source>
            <translation>{seconds} secondes</translation>
        </message>
        <message>
            <source>Count aloud</source>
            <translation>Compter à voix haute</translation>
        </message>
        <message>
            <source>Other camera</source>
            <translation>Autre caméra</translation>
        </message>
        <message>
            <source>Start the timer</source>
            <translation>Lancer le minuteur</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <source>Stand inside the frame, from head to feet</source>
            <translation>Tenez-vous dans le cadre, de la tête aux pieds</translation>
        </message>
        <message>
            <source>The phone is level.</source>
            <translation>Le téléphone est droit.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the left.</source>
            <translation>Tournez un peu le téléphone vers la gauche.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the right.</source>
            <translation>Tournez un peu le téléphone vers la droite.</translation>
        </message>
        <message>
            <source>Stand the phone more upright.</source>
            <translation>Redressez un peu le téléphone.</translation>
        </message>
        <message>
            <source>Walk into the frame and stand side-on.</source>
            <translation>Entrez dans le cadre et placez-vous de profil.</translation>
        </message>
        <message>
            <source>March on the spot, then stand relaxed.</source>
            <translation>Marchez sur place, puis relâchez-vous.</translation>
        </message>
        <message>
            <source>Stand still.</source>
            <translation>Ne bougez plus.</translation>
        </message>
        <message>
            <source>Picture {number} of {pictures}</source>
            <translation>Photo {number} sur {pictures}</translation>
        </message>
        <message>
            <source>ten,nine,eight,seven,six,five,four,three,two,one</source>
            <translation>dix,neuf,huit,sept,six,cinq,quatre,trois,deux,un</translation>
        </message>
        <message>
            <source>All pictures are taken. You can move.</source>
            <translation>Toutes les photos sont prises. Vous pouvez bouger.</translation>
        </message>
        <message>
            <source>{number} of {pictures} have reached the computer.</source>
            <translation>Photos arrivées sur l’ordinateur : {number} sur {pictures}.</translation>
        </message>
        <message>
            <source>Sending the pictures…</source>
            <translation>Envoi des photos…</translation>
        </message>
        <message>
            <source>All pictures have arrived. Look at the computer: it is measuring.</source>
            <translation>Toutes les photos sont arrivées. Regardez l’ordinateur : il mesure.</translation>
        </message>
        <message>
            <source>The browser gives this page no camera. Take single pictures with the phone's own camera instead: they are sent to the computer one by one.</source>
            <translation>Le navigateur ne donne pas accès à la caméra. Prenez plutôt des photos une à une avec l’appareil photo du téléphone : elles sont envoyées à l’ordinateur l’une après l’autre.</translation>
        </message>
        <message>
            <source>The camera was not allowed. Allow it in the browser and load this page again, or take single pictures.</source>
            <translation>L’accès à la caméra a été refusé. Autorisez-le dans le navigateur et rechargez cette page, ou prenez des photos une à une.</translation>
        </message>
        <message>
            <source>Have somebody take you from the side, from three metres away, at the height of your hips. Five pictures are best; march on the spot between them.</source>
            <translation>Demandez à quelqu’un de vous photographier de profil, à trois mètres, à hauteur de vos hanches. L’idéal est cinq photos ; marchez sur place entre deux.</translation>
        </message>
        <message>
            <source>Take a picture</source>
            <translation>Prendre une photo</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>A picture did not reach the computer: {why}</source>
            <translation>Une photo n’est pas arrivée sur l’ordinateur : {why}</translation>
        </message>
        <message>
            <source>Send it again</source>
            <translation>La renvoyer</translation>
        </message>
        <message>
            <source>The computer does not answer. Is the phone still in the same Wi-Fi?</source>
            <translation>L’ordinateur ne répond pas. Le téléphone est-il toujours sur le même Wi-Fi ?</translation>
        </message>
        <message>
            <source>This page needs JavaScript. Switch it on in the browser, or use another browser.</source>
            <translation>Cette page a besoin de JavaScript. Activez-le dans le navigateur, ou utilisez un autre navigateur.</translation>
        </message>
        <message>
            <source>Use your phone</source>
            <translation>Utiliser le téléphone</translation>
        </message>
        <message>
            <source>Phone</source>
            <translation>Téléphone</translation>
        </message>
        <message>
            <source>Five pictures with your phone's camera, sent over your own network</source>
            <translation>Cinq photos prises avec votre téléphone, envoyées par votre propre réseau</translation>
        </message>
        <message>
            <source>Use your phone as the camera</source>
            <translation>Utiliser votre téléphone comme caméra</translation>
        </message>
        <message>
            <source>Have the phone in the same Wi-Fi or network as this computer.</source>
            <translation>Mettez le téléphone sur le même Wi-Fi ou le même réseau que cet ordinateur.</translation>
        </message>
        <message>
            <source>Point the phone's camera at the square, and open the address that it shows.</source>
            <translation>Pointez l’appareil photo du téléphone vers le carré et ouvrez l’adresse qu’il affiche.</translation>
        </message>
        <message>
            <source>The phone warns once that it does not know this computer. Choose “Advanced” or “Details”, then go on. After that, do what the page says.</source>
            <translation>Le téléphone avertit une fois qu’il ne connaît pas cet ordinateur. Choisissez « Avancé » ou « Détails », puis continuez. Ensuite, suivez les indications de la page.</translation>
        </message>
        <message>
            <source>Take the pictures with the phone's own camera, as the page says. Without encryption, others in the same network could see them.</source>
            <translation>Prenez les photos avec l’appareil photo du téléphone, comme l’indique la page. Sans chiffrement, d’autres personnes sur le même réseau pourraient les voir.</translation>
        </message>
        <message>
            <source>Or type this address into the phone's browser:</source>
            <translation>Ou tapez cette adresse dans le navigateur du téléphone :</translation>
        </message>
        <message>
            <source>The certificate's fingerprint (SHA-256), if you want to compare it:</source>
            <translation>L’empreinte du certificat (SHA-256), si vous voulez la comparer :</translation>
        </message>
        <message>
            <source>Opening a page for the phone…</source>
            <translation>Ouverture d’une page pour le téléphone…</translation>
        </message>
        <message>
            <source>Waiting for the phone. This ends by itself after ten minutes.</source>
            <translation>En attente du téléphone. Cela s’arrête tout seul au bout de dix minutes.</translation>
        </message>
        <message>
            <source>A phone is connected. No picture has come yet.</source>
            <translation>Un téléphone est connecté. Aucune photo n’est encore arrivée.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures have come.</source>
            <translation>
                <numerusform>{count} photo est arrivée.</numerusform>
                <numerusform>{count} photos sont arrivées.</numerusform>
            </translation>
        </message>
        <message>
            <source>The phone has said nothing for ten minutes, so the page is closed.</source>
            <translation>Le téléphone n’a rien envoyé depuis dix minutes, la page est donc fermée.</translation>
        </message>
        <message>
            <source>All pictures have come.</source>
            <translation>Toutes les photos sont arrivées.</translation>
        </message>
        <message>
            <source>This computer is in no network that a phone could share.</source>
            <translation>Cet ordinateur n’est sur aucun réseau qu’un téléphone pourrait partager.</translation>
        </message>
        <message>
            <source>Connect it to your Wi-Fi or network and try again, or open photographs from a file.</source>
            <translation>Connectez-le à votre Wi-Fi ou à votre réseau et réessayez, ou ouvrez des photos depuis un fichier.</translation>
        </message>
        <message>
            <source>No page for the phone could be opened on this network.</source>
            <translation>Aucune page pour le téléphone n’a pu être ouverte sur ce réseau.</translation>
        </message>
        <message>
            <source>Try again, or choose another network if there is one.</source>
            <translation>Réessayez, ou choisissez un autre réseau s’il y en a un.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Réseau</translation>
        </message>
        <message>
            <source>The one that the phone is in, too</source>
            <translation>Celui où se trouve aussi le téléphone</translation>
        </message>
        <message>
            <source>The phone does not let me past its warning</source>
            <translation>L’avertissement du téléphone me bloque</translation>
        </message>
        <message>
            <source>A page without encryption, to which single pictures can be sent</source>
            <translation>Une page sans chiffrement, où envoyer des photos une à une</translation>
        </message>
        <message>
            <source>Measure what has come</source>
            <translation>Mesurer ce qui est arrivé</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <source>The page's address as a square code for the phone's camera</source>
            <translation>L’adresse de la page sous forme de code carré pour l’appareil photo du téléphone</translation>
        </message>
    </context>
    <context>
        <name>app.settings</name>
        <message>
            <source>The settings could not be read; the usual ones are in use.</source>
            <translation>Les réglages n’ont pas pu être lus ; ceux d’origine sont utilisés.</translation>
        </message>
        <message>
            <source>The file with the settings was damaged; the usual ones are in use.</source>
            <translation>Le fichier des réglages était endommagé ; ceux d’origine sont utilisés.</translation>
        </message>
        <message>
            <source>Some of the settings could not be read; the usual ones are in use for them.</source>
            <translation>Certains réglages n’ont pas pu être lus ; ceux d’origine les remplacent.</translation>
        </message>
        <message>
            <source>The choices about reminders could not be read; the usual ones are in use.</source>
            <translation>Les choix pour les rappels n’ont pas pu être lus ; ceux d’origine sont utilisés.</translation>
        </message>
        <message>
            <source>The file with the choices about reminders was damaged; the usual ones are in use.</source>
            <translation>Le fichier des choix pour les rappels était endommagé ; ceux d’origine sont utilisés.</translation>
        </message>
        <message>
            <source>Some of the choices about reminders could not be read; the usual ones are in use for them.</source>
            <translation>Certains choix pour les rappels n’ont pas pu être lus ; ceux d’origine les remplacent.</translation>
        </message>
    </context>
    <context>
        <name>app.system.desktop.shortcut</name>
        <message>
            <source>Beltline starts without one as well: write beltline in a terminal.</source>
            <translation>Beltline démarre aussi sans cela : tapez beltline dans un terminal.</translation>
        </message>
        <message>
            <source>The menu entry could not be changed ({why}).</source>
            <translation>L’entrée du menu n’a pas pu être modifiée ({why}).</translation>
        </message>
        <message>
            <source>the icon cannot be drawn: {why}</source>
            <translation>l’icône ne peut pas être dessinée : {why}</translation>
        </message>
        <message>
            <source>PowerShell ended with {code}</source>
            <translation>PowerShell s’est terminé avec le code {code}</translation>
        </message>
    </context>
    <context>
        <name>app.system.qt</name>
        <message>
            <source>There is no screen to open a window on. Use the command line: beltline measure PHOTO.</source>
            <translation>Il n’y a pas d’écran où ouvrir une fenêtre. Utilisez la ligne de commande : beltline measure PHOTO.</translation>
        </message>
        <message>
            <source>The system library {library} is missing, without which no window can be opened. On Debian or Ubuntu, install libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 and libxkbcommon-x11-0.</source>
            <translation>La bibliothèque système {library} manque ; sans elle, aucune fenêtre ne peut être ouverte. Sous Debian ou Ubuntu, installez libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 et libxkbcommon-x11-0.</translation>
        </message>
        <message>
            <source>No window can be opened ({why}). Use the command line: beltline measure PHOTO.</source>
            <translation>Aucune fenêtre ne peut être ouverte ({why}). Utilisez la ligne de commande : beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>app.text.advice</name>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>Il y a quelqu’un d’autre sur l’image ; la personne la plus grande a été mesurée.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>Prenez la photo avec une seule personne.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>Il y a d’autres personnes sur l’image ; celle que vous avez choisie a été mesurée.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>Les pieds ne sont pas entièrement dans l’image.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>Reculez jusqu’à ce que les pieds soient dans l’image.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>Le corps est tourné d’environ {} degrés par rapport au profil.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>Tournez-vous jusqu’à ce qu’une épaule pointe droit vers l’appareil.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>Tout le corps penche d’environ {} degrés ; l’appareil était peut-être incliné.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>Tenez l’appareil bien droit, ou marquez un élément vertical, comme un cadre de porte.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>La personne est plutôt petite sur l’image : {} pixels de la hanche à l’épaule.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>Approchez-vous ou augmentez la résolution : l’idéal est d’au moins 200 pixels.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>L’image est plutôt sombre.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>Ajoutez de la lumière.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>L’image est un peu floue.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>Posez l’appareil sur un support stable et ne bougez pas.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>Un bras ou une main cache une partie du bassin.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>Posez les poings sur les clavicules.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>Les vêtements semblent amples, ce qui cache le contour du corps.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>Portez des vêtements près du corps à la taille et aux hanches.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>La tête n’était pas visible, ce qui rend l’angle moins sûr.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>Montrez aussi la tête si possible ; vous pourrez masquer le visage sur l’image ensuite.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>On a supposé que l’appareil était droit.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>Un appareil incliné fausse l’angle d’autant ; pour plus d’exactitude, marquez un élément vertical, comme un cadre de porte.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>On voit sur le bassin quelque chose comme une pastille de couleur, mais pas exactement deux d’une même couleur ; il n’en a pas été tenu compte.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>Montrez deux pastilles de la même couleur, l’une sur la pointe osseuse à l’avant, l’autre sur la fossette à l’arrière.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>L’appareil était à environ {} cm au-dessus des hanches.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>Placez-le à hauteur des hanches.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>L’appareil était à environ {} cm au-dessous des hanches.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>La même image figure plusieurs fois ; elle n’a été comptée qu’une fois.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>Prenez une nouvelle photo pour chaque répétition, et éloignez-vous entre-temps.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>L’étalonnage date de plus d’un an.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>Refaites l’étalonnage maintenant, puis chaque fois que votre poids a beaucoup changé.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>L’étalonnage vient d’une version antérieure de Beltline et n’a pas été utilisé.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>Refaites l’étalonnage.</translation>
        </message>
        <message>
            <source>last time</source>
            <translation>la dernière fois</translation>
        </message>
        <message>
            <source>on {day}</source>
            <translation>le {day}</translation>
        </message>
    </context>
    <context>
        <name>app.text.breaks</name>
        <message>
            <source>Sit less</source>
            <translation>Moins assis</translation>
        </message>
        <message>
            <source>Sitting is nothing to be alarmed about. It is easy to forget how long it has been, so Beltline can remind you to get up. Three to five minutes of walking make a break; standing still alone is not enough. Being away from the computer counts as a break.</source>
            <translation>Être assis n’a rien d’alarmant. On oublie vite depuis combien de temps on l’est, alors Beltline peut vous rappeler de vous lever. Trois à cinq minutes de marche font une pause ; rester debout sans bouger ne suffit pas. Le temps passé loin de l’ordinateur compte comme une pause.</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Maintenant</translation>
        </message>
        <message>
            <source>Reminders are off.</source>
            <translation>Les rappels sont désactivés.</translation>
        </message>
        <message>
            <source>The reminder is being started.</source>
            <translation>Le rappel est en train de démarrer.</translation>
        </message>
        <message>
            <source>Next reminder in about {minutes} minutes.</source>
            <translation>Prochain rappel dans environ {minutes} minutes.</translation>
        </message>
        <message>
            <source>Next reminder in about a minute.</source>
            <translation>Prochain rappel dans environ une minute.</translation>
        </message>
        <message>
            <source>Paused until {until}.</source>
            <translation>En pause jusqu’à {until}.</translation>
        </message>
        <message>
            <source>It is time for a short break.</source>
            <translation>C’est le moment de faire une courte pause.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about {minutes} minutes.</source>
            <translation>Vous êtes debout. Prochain rappel dans environ {minutes} minutes.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about a minute.</source>
            <translation>Vous êtes debout. Prochain rappel dans une minute environ.</translation>
        </message>
        <message>
            <source>You have been standing for a while.</source>
            <translation>Vous êtes debout depuis un moment.</translation>
        </message>
        <message>
            <source>The next reminder comes when you sit at the computer again.</source>
            <translation>Le prochain rappel viendra quand vous serez de retour à l’ordinateur.</translation>
        </message>
        <message>
            <source>Silent while the microphone is in use.</source>
            <translation>Silencieux pendant que le microphone est utilisé.</translation>
        </message>
        <message>
            <source>Silent while the camera is in use.</source>
            <translation>Silencieux pendant que la caméra est utilisée.</translation>
        </message>
        <message>
            <source>Silent while a program keeps the screen on, as a film does.</source>
            <translation>Silencieux pendant qu’un programme garde l’écran allumé, comme pour un film.</translation>
        </message>
        <message>
            <source>Silent while a program fills the whole screen.</source>
            <translation>Silencieux pendant qu’un programme occupe tout l’écran.</translation>
        </message>
        <message>
            <source>This waited while the microphone was in use.</source>
            <translation>Ce rappel a attendu pendant que le microphone était utilisé.</translation>
        </message>
        <message>
            <source>This waited while the camera was in use.</source>
            <translation>Ce rappel a attendu pendant que la caméra était utilisée.</translation>
        </message>
        <message>
            <source>This waited while a program kept the screen on, as a film does.</source>
            <translation>Ce rappel a attendu pendant qu’un programme gardait l’écran allumé, comme pour un film.</translation>
        </message>
        <message>
            <source>This waited while a program filled the whole screen.</source>
            <translation>Ce rappel a attendu pendant qu’un programme occupait tout l’écran.</translation>
        </message>
        <message>
            <source>For instance: {what}</source>
            <translation>Par exemple : {what}</translation>
        </message>
        <message>
            <source>I am taking a break now</source>
            <translation>Je fais une pause maintenant</translation>
        </message>
        <message>
            <source>Note a break and start counting again</source>
            <translation>Noter une pause et recommencer à compter</translation>
        </message>
        <message>
            <source>I am standing now</source>
            <translation>Je suis debout maintenant</translation>
        </message>
        <message>
            <source>Sitting does not count while you stand</source>
            <translation>La position assise ne compte pas tant que vous êtes debout</translation>
        </message>
        <message>
            <source>I am sitting now</source>
            <translation>Je me rassois maintenant</translation>
        </message>
        <message>
            <source>Sitting counts again</source>
            <translation>La position assise compte à nouveau</translation>
        </message>
        <message>
            <source>Remind me in 10 minutes</source>
            <translation>Rappel dans 10 minutes</translation>
        </message>
        <message>
            <source>Remind me again in 10 minutes</source>
            <translation>Me le rappeler dans 10 minutes</translation>
        </message>
        <message>
            <source>Pause 1 hour</source>
            <translation>Pause 1 heure</translation>
        </message>
        <message>
            <source>Pause 2 hours</source>
            <translation>Pause 2 heures</translation>
        </message>
        <message>
            <source>No reminder meanwhile, for a presentation or a film</source>
            <translation>Pas de rappel entre-temps, pour une présentation ou un film</translation>
        </message>
        <message>
            <source>Pause until tomorrow</source>
            <translation>Pause jusqu’à demain</translation>
        </message>
        <message>
            <source>No reminder for the rest of today</source>
            <translation>Pas de rappel pour le reste de la journée</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Reprendre</translation>
        </message>
        <message>
            <source>End the pause</source>
            <translation>Mettre fin à la pause</translation>
        </message>
        <message>
            <source>No break noted today so far.</source>
            <translation>Aucune pause notée aujourd’hui pour l’instant.</translation>
        </message>
        <message>
            <source>1 break today, at {last}.</source>
            <translation>1 pause aujourd’hui, à {last}.</translation>
        </message>
        <message>
            <source>{count} breaks today, the last at {last}.</source>
            <translation>{count} pauses aujourd’hui, la dernière à {last}.</translation>
        </message>
        <message>
            <source>1 of them was noticed because you were away.</source>
            <translation>1 d’entre elles a été remarquée grâce à votre absence.</translation>
        </message>
        <message>
            <source>{count} of them were noticed because you were away.</source>
            <translation>{count} d’entre elles ont été remarquées grâce à votre absence.</translation>
        </message>
        <message numerus="yes">
            <source>You stood at the desk for {count} minutes.</source>
            <translation>
                <numerusform>Vous avez passé {count} minute debout au bureau.</numerusform>
                <numerusform>Vous avez passé {count} minutes debout au bureau.</numerusform>
            </translation>
        </message>
        <message>
            <source>Reminder</source>
            <translation>Rappel</translation>
        </message>
        <message>
            <source>Remind me to get up</source>
            <translation>Me rappeler de me lever</translation>
        </message>
        <message>
            <source>After sitting for</source>
            <translation>Temps assis</translation>
        </message>
        <message>
            <source> minutes</source>
            <translation> minutes</translation>
        </message>
        <message>
            <source>{minutes} min</source>
            <translation>{minutes} min</translation>
        </message>
        <message>
            <source>Remind me after {minutes} minutes</source>
            <translation>Me le rappeler après {minutes} minutes</translation>
        </message>
        <message>
            <source>60 minutes is the usual choice because it is easy to keep up; type any number from {least} to {most}. The time counts only while you use the computer, and starts again after each break.</source>
            <translation>60 minutes est le choix habituel, parce qu’il est facile à tenir ; tapez n’importe quel nombre de {least} à {most}. Le temps ne compte que lorsque vous utilisez l’ordinateur, et repart de zéro après chaque pause.</translation>
        </message>
        <message>
            <source>A break takes</source>
            <translation>Une pause dure</translation>
        </message>
        <message>
            <source>Being away for so long is a break: nobody touches keyboard or mouse, the screen is locked, or the computer sleeps.</source>
            <translation>S’absenter aussi longtemps est une pause : personne ne touche au clavier ni à la souris, l’écran est verrouillé ou l’ordinateur est en veille.</translation>
        </message>
        <message>
            <source>I have a desk to stand at</source>
            <translation>J’ai un bureau où me tenir debout</translation>
        </message>
        <message>
            <source>After standing for</source>
            <translation>Temps debout</translation>
        </message>
        <message>
            <source>Then say when you stand and when you sit, here or in the menu of the small icon. While you stand, sitting does not count, and after this time you are reminded to sit down or to move. When you sit again, sitting goes on where it was: standing alone is no break.</source>
            <translation>Dites alors quand vous êtes debout et quand vous êtes assis, ici ou dans le menu de la petite icône. Tant que vous êtes debout, la position assise ne compte pas, et après ce temps on vous rappelle de vous asseoir ou de bouger. Quand vous vous rasseyez, le temps assis reprend là où il était : rester debout ne suffit pas pour une pause.</translation>
        </message>
        <message>
            <source>Quiet hours</source>
            <translation>Heures calmes</translation>
        </message>
        <message>
            <source>from</source>
            <translation>de</translation>
        </message>
        <message>
            <source>to</source>
            <translation>à</translation>
        </message>
        <message>
            <source>Quiet hours begin at</source>
            <translation>Début des heures calmes</translation>
        </message>
        <message>
            <source>Quiet hours end at</source>
            <translation>Fin des heures calmes</translation>
        </message>
        <message>
            <source>Quiet days</source>
            <translation>Jours calmes</translation>
        </message>
        <message>
            <source>A reminder that falls into them comes afterwards, if you are still sitting.</source>
            <translation>Un rappel prévu pendant ces heures ou ces jours vient après, si vous êtes toujours assis.</translation>
        </message>
        <message>
            <source>With a sound</source>
            <translation>Avec un son</translation>
        </message>
        <message>
            <source>Silent during calls and films</source>
            <translation>Silencieux pendant les appels et les films</translation>
        </message>
        <message>
            <source>During calls, presentations and films in full screen the reminder waits, and comes afterwards if you are still sitting. It looks whether a program uses the microphone or the camera, keeps the screen on or fills it.</source>
            <translation>Pendant les appels, les présentations et les films en plein écran, le rappel attend et vient après, si vous êtes toujours assis. Beltline regarde si un programme utilise le microphone ou la caméra, garde l’écran allumé ou l’occupe en entier.</translation>
        </message>
        <message>
            <source>Start when I log in</source>
            <translation>Démarrer à l’ouverture de session</translation>
        </message>
        <message>
            <source>Without this, reminders come only once you have opened Beltline, and until you quit its small icon near the clock.</source>
            <translation>Sinon, les rappels ne viennent qu’une fois Beltline ouvert, et jusqu’à ce que vous quittiez sa petite icône près de l’horloge.</translation>
        </message>
        <message>
            <source>Beltline could not change what starts when you log in. {why}</source>
            <translation>Beltline n’a pas pu modifier ce qui démarre à l’ouverture de session. {why}</translation>
        </message>
        <message>
            <source>Today's breaks could not be read. {why}</source>
            <translation>Les pauses d’aujourd’hui n’ont pas pu être lues. {why}</translation>
        </message>
        <message>
            <source>This desktop has no place for small icons near the clock, so the reminder shows at the foot of this window while it is open.</source>
            <translation>Ce bureau n’a pas de place pour de petites icônes près de l’horloge ; le rappel s’affiche donc en bas de cette fenêtre tant qu’elle est ouverte.</translation>
        </message>
        <message>
            <source>This desktop does not tell how long keyboard and mouse have rested. A locked screen and a sleeping computer count as breaks; for the others, press the button.</source>
            <translation>Ce bureau n’indique pas depuis quand le clavier et la souris sont au repos. Un écran verrouillé et un ordinateur en veille comptent comme des pauses ; pour les autres, appuyez sur le bouton.</translation>
        </message>
        <message>
            <source>What to do in a break</source>
            <translation>Que faire pendant une pause</translation>
        </message>
        <message>
            <source>Stand up</source>
            <translation>Se lever</translation>
        </message>
        <message>
            <source>Push the chair back, get up and let your arms hang. Then go on with one of these.</source>
            <translation>Reculez la chaise, levez-vous et laissez pendre les bras. Puis continuez par l’une de ces activités.</translation>
        </message>
        <message>
            <source>Walk for 3 to 5 minutes</source>
            <translation>Marcher 3 à 5 minutes</translation>
        </message>
        <message>
            <source>To the kitchen, up and down the stairs, round the house: any pace is fine.</source>
            <translation>Jusqu’à la cuisine, dans l’escalier, autour de la maison : toute allure convient.</translation>
        </message>
        <message>
            <source>One stretch</source>
            <translation>Un étirement</translation>
        </message>
        <message>
            <source>Take a long step and bend the front knee a little. Tuck your bottom under until you feel a gentle pull at the front of the other hip. Stay for 20 seconds, breathe, change sides. Stop if it hurts.</source>
            <translation>Faites un grand pas et pliez un peu le genou avant. Ramenez les fesses sous vous jusqu’à sentir une légère tension à l’avant de l’autre hanche. Restez 20 secondes, respirez, changez de côté. Arrêtez si cela fait mal.</translation>
        </message>
        <message>
            <source>Ten squeezes</source>
            <translation>Dix contractions</translation>
        </message>
        <message>
            <source>Standing or sitting, squeeze both sides of your buttocks for 5 seconds, breathe on, let go. Ten times; keep the thighs loose.</source>
            <translation>En position debout ou assise, contractez les deux fessiers pendant 5 secondes, continuez à respirer, relâchez. Dix fois ; gardez les cuisses souples.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>I took a break</source>
            <translation>J’ai fait une pause</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Plus tard</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>Rappel de pause</translation>
        </message>
        <message>
            <source>Beltline</source>
            <translation>Beltline</translation>
        </message>
        <message>
            <source>Remind me in 5 minutes</source>
            <translation>Rappel dans 5 minutes</translation>
        </message>
        <message>
            <source>No reminders for a while</source>
            <translation>Pas de rappels pour un moment</translation>
        </message>
        <message>
            <source>Open Beltline</source>
            <translation>Ouvrir Beltline</translation>
        </message>
        <message>
            <source>Reminder settings...</source>
            <translation>Réglages du rappel...</translation>
        </message>
        <message>
            <source>Quit the reminder</source>
            <translation>Quitter le rappel</translation>
        </message>
        <message>
            <source>Reminders are off. Switch them on in the window: Sit less, 'Remind me to get up'. To open it: beltline</source>
            <translation>Les rappels sont désactivés. Activez-les dans la fenêtre : Moins assis, « Me rappeler de me lever ». Pour l’ouvrir : beltline</translation>
        </message>
        <message>
            <source>The reminder is running already.</source>
            <translation>Le rappel fonctionne déjà.</translation>
        </message>
        <message>
            <source>A reminder is running but does not answer. End it in the system's list of programs, then start it again: beltline tray</source>
            <translation>Un rappel fonctionne mais ne répond pas. Arrêtez-le dans la liste des programmes du système, puis relancez-le : beltline tray</translation>
        </message>
        <message>
            <source>The reminder cannot start: {why}.</source>
            <translation>Le rappel ne peut pas démarrer : {why}.</translation>
        </message>
        <message>
            <source>Another Beltline window is open but does not answer, so this one opened beside it. What you change in one shows in the other after a restart.</source>
            <translation>Une autre fenêtre de Beltline est ouverte mais ne répond pas ; celle-ci s’est donc ouverte à côté. Ce que vous changez dans l’une apparaît dans l’autre après un redémarrage.</translation>
        </message>
        <message>
            <source>stand up, then {what}. {how}</source>
            <translation>se lever, puis {what}. {how}</translation>
        </message>
        <message>
            <source>sit down, or {what}. {how}</source>
            <translation>s’asseoir, ou {what}. {how}</translation>
        </message>
    </context>
    <context>
        <name>app.text.calibration</name>
        <message>
            <source>Calibrate</source>
            <translation>Étalonner</translation>
        </message>
        <message>
            <source>Bones are shaped differently in everybody, and an outline cannot show them. Show Beltline once where your bones are, and from then on it takes that into account whenever it measures you by your outline.</source>
            <translation>Les os n’ont pas la même forme chez tout le monde, et un contour ne peut pas les montrer. Montrez une fois à Beltline où sont vos os ; il en tiendra compte ensuite chaque fois qu’il vous mesurera d’après votre contour.</translation>
        </message>
        <message>
            <source>Feel for the bump at the front of your hip bone and for the dimple at the back. Put a round sticker on each, both of one colour, on the side that faces the camera.</source>
            <translation>Cherchez du doigt la bosse à l’avant de l’os de la hanche et la fossette à l’arrière. Collez une pastille ronde sur chacune, toutes deux de la même couleur, du côté tourné vers l’appareil.</translation>
        </message>
        <message>
            <source>Take a picture side-on in clothes that fit closely. One is enough; five are better, each time after a few steps and with the stickers placed again.</source>
            <translation>Prenez une photo de profil avec des vêtements près du corps. Une suffit ; cinq, c’est mieux, chaque fois après quelques pas et en recollant les pastilles.</translation>
        </message>
        <message>
            <source>Without stickers, press “Mark the bony points yourself” and drag both crosses to where your fingers feel the bones.</source>
            <translation>Sans pastilles, appuyez sur « Marquer soi-même les pointes osseuses » et faites glisser les deux croix là où vos doigts sentent les os.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further forward than your outline shows.</source>
            <translation>{source} : vos os basculent de {angle}° de plus vers l’avant que ne le montre votre contour.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further backward than your outline shows.</source>
            <translation>{source} : vos os basculent de {angle}° de plus vers l’arrière que ne le montre votre contour.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted just as your outline shows.</source>
            <translation>{source} : vos os basculent exactement comme le montre votre contour.</translation>
        </message>
        <message>
            <source>{source}: {message} {fix}</source>
            <translation>{source} : {message} {fix}</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further forward than your outline shows ({interval}).</source>
            <translation>Vos os basculent de {angle}° de plus vers l’avant que ne le montre votre contour ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further backward than your outline shows ({interval}).</source>
            <translation>Vos os basculent de {angle}° de plus vers l’arrière que ne le montre votre contour ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted just as your outline shows ({interval}).</source>
            <translation>Vos os basculent exactement comme le montre votre contour ({interval}).</translation>
        </message>
        <message>
            <source>likely {first} to {last}</source>
            <translation>probablement {first} à {last}</translation>
        </message>
        <message>
            <source>likely from {back} further backward to {ahead} further forward</source>
            <translation>probablement entre {back} de plus vers l’arrière et {ahead} de plus vers l’avant</translation>
        </message>
        <message>
            <source>From now on, {angle}° are added whenever you are measured by your outline.</source>
            <translation>Désormais, {angle}° sont ajoutés chaque fois que la mesure se fait d’après votre contour.</translation>
        </message>
        <message>
            <source>From now on, {angle}° are taken away whenever you are measured by your outline.</source>
            <translation>Désormais, {angle}° sont retirés chaque fois que la mesure se fait d’après votre contour.</translation>
        </message>
        <message>
            <source>From now on, your outline is known to show your tilt as it is.</source>
            <translation>Désormais, on sait que votre contour montre votre bascule telle qu’elle est.</translation>
        </message>
        <message>
            <source>Such checks are called calibrated. They get a line of their own over time and are compared with each other only.</source>
            <translation>Ces mesures sont dites étalonnées. Elles ont leur propre ligne dans le temps et ne sont comparées qu’entre elles.</translation>
        </message>
        <message numerus="yes">
            <source>It rests on {count} pictures, the last of {day}.</source>
            <translation>
                <numerusform>Il repose sur {count} image, du {day}. Cinq images le rendent plus sûr.</numerusform>
                <numerusform>Il repose sur {count} images, la dernière du {day}.</numerusform>
            </translation>
        </message>
        <message>
            <source>Calibrate again after a year, or when your weight has changed much.</source>
            <translation>Refaites l’étalonnage au bout d’un an, ou quand votre poids a beaucoup changé.</translation>
        </message>
        <message>
            <source>It is more than a year old. Please calibrate again.</source>
            <translation>Il date de plus d’un an. Refaites l’étalonnage, s’il vous plaît.</translation>
        </message>
        <message>
            <source>It was made with an earlier version of Beltline and is not used any more. Please calibrate again.</source>
            <translation>Il a été fait avec une version antérieure de Beltline et n’est plus utilisé. Refaites l’étalonnage, s’il vous plaît.</translation>
        </message>
        <message>
            <source>{name} is not calibrated yet. Do it with: beltline calibrate PHOTO... --profile NAME</source>
            <translation>{name} n’a pas encore d’étalonnage. Pour en faire un : beltline calibrate PHOTO... --profile NAME</translation>
        </message>
        <message>
            <source>One picture is enough; up to five make it surer.</source>
            <translation>Une image suffit ; jusqu’à cinq le rendent plus sûr.</translation>
        </message>
        <message>
            <source>Calibrated. From now on, checks by the outline rest on it.</source>
            <translation>Étalonnage fait. Désormais, les mesures d’après le contour reposent sur lui.</translation>
        </message>
        <message>
            <source>Too little is kept of its pictures. Please take new ones.</source>
            <translation>Il reste trop peu de ses images. Prenez-en de nouvelles, s’il vous plaît.</translation>
        </message>
        <message>
            <source>No calibration was kept, and nothing else has changed.</source>
            <translation>Aucun étalonnage n’a été gardé, et rien d’autre n’a changé.</translation>
        </message>
        <message>
            <source>The calibration of {name} is forgotten. Checks made with it, and its pictures, stay.</source>
            <translation>L’étalonnage est oublié ({name}). Les mesures faites avec lui et ses images restent.</translation>
        </message>
        <message>
            <source>{name} is not calibrated, so there is nothing to forget.</source>
            <translation>{name} n’a pas d’étalonnage, il n’y a donc rien à oublier.</translation>
        </message>
        <message>
            <source>It rests on the calibration of {day}.</source>
            <translation>Elle repose sur l’étalonnage du {day}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.experiment</name>
        <message>
            <source>Did the exercises help me?</source>
            <translation>Les exercices m’aident-ils ?</translation>
        </message>
        <message>
            <source>Plan some weeks with your exercises and some without; chance decides which. Make a check every week, in the same clothes. At the end Beltline tells you whether the two kinds of weeks differ by more than chance.</source>
            <translation>Prévoyez des semaines avec exercices et d’autres sans ; le hasard décide lesquelles. Faites une mesure chaque semaine, dans les mêmes vêtements. À la fin, Beltline vous dit si l’écart entre les deux sortes de semaines dépasse le hasard.</translation>
        </message>
        <message>
            <source>This shows only what comes and goes within a week, not strength that lasts longer, nor how you feel. In trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>Cela ne montre que ce qui va et vient en une semaine, pas la force, qui dure plus longtemps, ni comment vous vous sentez. Dans les études, la bascule elle-même n’a changé que de 1 à 2° au plus.</translation>
        </message>
        <message>
            <source>How long</source>
            <translation>Durée</translation>
        </message>
        <message>
            <source>{count} weeks</source>
            <translation>{count} semaines</translation>
        </message>
        <message>
            <source>Plan these weeks from today</source>
            <translation>Prévoir ces semaines dès aujourd’hui</translation>
        </message>
        <message>
            <source>End this plan</source>
            <translation>Arrêter ce plan</translation>
        </message>
        <message>
            <source>Planned {count} weeks</source>
            <translation>Plan de {count} semaines</translation>
        </message>
        <message>
            <source>Ended the plan</source>
            <translation>Plan arrêté</translation>
        </message>
        <message>
            <source>Week {week} of {count}: do your exercises, and make a check.</source>
            <translation>Semaine {week} sur {count} : faites vos exercices, et une mesure.</translation>
        </message>
        <message>
            <source>Week {week} of {count}: no exercises, but make a check.</source>
            <translation>Semaine {week} sur {count} : pas d’exercices, mais faites une mesure.</translation>
        </message>
        <message>
            <source>The plan ended on {day}.</source>
            <translation>Le plan s’est terminé le {day}.</translation>
        </message>
        <message>
            <source>Planned on {day}.</source>
            <translation>Prévu le {day}.</translation>
        </message>
        <message>
            <source>Exercises: {with_} in weeks with them, {without} in weeks without.</source>
            <translation>Exercices : {with_} les semaines avec, {without} les semaines sans.</translation>
        </message>
        <message numerus="yes">
            <source>{count} days</source>
            <translation>
                <numerusform>{count} jour</numerusform>
                <numerusform>{count} jours</numerusform>
            </translation>
        </message>
        <message>
            <source>Tilt: nothing to compare yet. It takes a check in weeks of both kinds.</source>
            <translation>Bascule : rien à comparer pour l’instant. Il faut une mesure dans les deux sortes de semaines.</translation>
        </message>
        <message>
            <source>Range: nothing to compare yet. It takes a range test in weeks of both kinds.</source>
            <translation>Amplitude : rien à comparer pour l’instant. Il faut un test de mobilité dans les deux sortes de semaines.</translation>
        </message>
        <message>
            <source>Tilt: {mean}° more forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>Bascule : {mean}° de plus vers l’avant les semaines avec exercices (probablement {low} à {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° wider in weeks with exercises (likely {low} to {high}).</source>
            <translation>Amplitude : {mean}° de plus les semaines avec exercices (probablement {low} à {high}).</translation>
        </message>
        <message>
            <source>Tilt: {mean}° less forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>Bascule : {mean}° de moins vers l’avant les semaines avec exercices (probablement {low} à {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° narrower in weeks with exercises (likely {low} to {high}).</source>
            <translation>Amplitude : {mean}° de moins les semaines avec exercices (probablement {low} à {high}).</translation>
        </message>
        <message>
            <source>Tilt: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>Bascule : la même les semaines avec et sans exercices (probablement {low} à {high}).</translation>
        </message>
        <message>
            <source>Range: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>Amplitude : la même les semaines avec et sans exercices (probablement {low} à {high}).</translation>
        </message>
        <message>
            <source>{pairs} of {least} pairs of weeks so far: too few to tell it from chance.</source>
            <translation>{pairs} paires de semaines sur {least} pour l’instant : trop peu pour distinguer cela du hasard.</translation>
        </message>
        <message>
            <source>Chance alone does as much in {often} of 100 such plans, so this shows no difference.</source>
            <translation>Le hasard seul en fait autant dans {often} plans de ce genre sur 100 ; cela ne montre donc pas de différence.</translation>
        </message>
        <message>
            <source>Chance alone does as much in only {often} of 100 such plans.</source>
            <translation>Le hasard seul n’en fait autant que dans {often} plans de ce genre sur 100.</translation>
        </message>
        <message>
            <source>Chance alone does as much in fewer than 1 of 100 such plans.</source>
            <translation>Le hasard seul en fait autant dans moins de 1 plan de ce genre sur 100.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.progress</name>
        <message>
            <source>What you did</source>
            <translation>Ce que vous avez fait</translation>
        </message>
        <message>
            <source>This week: {done}.</source>
            <translation>Cette semaine : {done}.</translation>
        </message>
        <message>
            <source>nothing noted so far</source>
            <translation>rien de noté pour l’instant</translation>
        </message>
        <message>
            <source>Last week: {done}.</source>
            <translation>La semaine dernière : {done}.</translation>
        </message>
        <message>
            <source>{count} weeks in a row with exercises on {days} days or more.</source>
            <translation>{count} semaines d’affilée avec des exercices {days} jours ou plus.</translation>
        </message>
        <message>
            <source>The habit is what counts: in trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>C’est l’habitude qui compte : dans les études, la bascule elle-même n’a changé que de 1 à 2° au plus.</translation>
        </message>
        <message>
            <source>■ exercises</source>
            <translation>■ exercices</translation>
        </message>
        <message>
            <source>▮ breaks</source>
            <translation>▮ pauses</translation>
        </message>
        <message>
            <source>self-check: ● yes, ◐ partly, ○ no</source>
            <translation>autotest : ● oui, ◐ en partie, ○ non</translation>
        </message>
        <message>
            <source>Exercises, breaks and self-checks over time</source>
            <translation>Exercices, pauses et autotests dans le temps</translation>
        </message>
        <message>
            <source>Left and Right go from one day, week or month to the next.</source>
            <translation>Gauche et Droite vont d’un jour, d’une semaine ou d’un mois à l’autre.</translation>
        </message>
        <message numerus="yes">
            <source>exercises on {count} days</source>
            <translation>
                <numerusform>{count} jour avec exercices</numerusform>
                <numerusform>{count} jours avec exercices</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} sets</source>
            <translation>
                <numerusform>{count} série</numerusform>
                <numerusform>{count} séries</numerusform>
            </translation>
        </message>
        <message>
            <source>{sets} of {count} different exercises</source>
            <translation>{sets} de {count} exercices différents</translation>
        </message>
        <message numerus="yes">
            <source>{count} breaks</source>
            <translation>
                <numerusform>{count} pause</numerusform>
                <numerusform>{count} pauses</numerusform>
            </translation>
        </message>
        <message>
            <source>{breaks} ({count} noticed while you were away)</source>
            <translation>{breaks} (dont {count} remarquées en votre absence)</translation>
        </message>
        <message numerus="yes">
            <source>{count} self-checks</source>
            <translation>
                <numerusform>{count} autotest</numerusform>
                <numerusform>{count} autotests</numerusform>
            </translation>
        </message>
        <message>
            <source>{when}: {done}.</source>
            <translation>{when} : {done}.</translation>
        </message>
        <message>
            <source>Week from {when}: {done}.</source>
            <translation>Semaine du {when} : {done}.</translation>
        </message>
        <message>
            <source>Month from {when}: {done}.</source>
            <translation>Mois du {when} : {done}.</translation>
        </message>
        <message>
            <source>What was done, week by week</source>
            <translation>Ce qui a été fait, semaine par semaine</translation>
        </message>
        <message>
            <source>Weeks begin on Monday. Sets as the person, a timer or the camera counted them; breaks as the person said or the computer noticed. In trials of exercises the tilt itself changed by 1 to 2° at most, so this is no explanation of the angles.</source>
            <translation>Les semaines commencent le lundi. Séries comptées par la personne, un minuteur ou la caméra ; pauses notées par la personne ou remarquées par l’ordinateur. Dans les études sur les exercices, la bascule elle-même n’a changé que de 1 à 2° au plus ; cela n’explique donc pas les angles.</translation>
        </message>
        <message>
            <source>Days with exercises</source>
            <translation>Jours avec exercices</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>Séries</translation>
        </message>
        <message>
            <source>Breaks</source>
            <translation>Pauses</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>Autotest</translation>
        </message>
        <message>
            <source>from {day}</source>
            <translation>du {day}</translation>
        </message>
        <message>
            <source>{day}: {answers}</source>
            <translation>{day} : {answers}</translation>
        </message>
        <message>
            <source>Since {day}: exercises on {days} days, {sets} sets, {breaks} breaks.</source>
            <translation>Depuis le {day} : {days} jours avec exercices, {sets} séries, {breaks} pauses.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.stance</name>
        <message>
            <source>Last time you stood {how}.</source>
            <translation>La dernière fois, vous vous teniez {how}.</translation>
        </message>
        <message>
            <source>At the check before, you stood {how}.</source>
            <translation>Lors de la mesure précédente, vous vous teniez {how}.</translation>
        </message>
        <message>
            <source>In the earlier one you stood {how}.</source>
            <translation>Lors de la plus ancienne, vous vous teniez {how}.</translation>
        </message>
        <message>
            <source>You stand as you did last time.</source>
            <translation>Vous vous tenez comme la dernière fois.</translation>
        </message>
        <message>
            <source>Show how you stood last time</source>
            <translation>Montrer la position de la dernière fois</translation>
        </message>
        <message>
            <source>The outline of your last check, so that you can stand the same way again</source>
            <translation>Le contour de votre dernière mesure, pour vous placer de la même façon</translation>
        </message>
        <message>
            <source>with your left side to the camera</source>
            <translation>avec le côté gauche vers l’appareil</translation>
        </message>
        <message>
            <source>with your right side to the camera</source>
            <translation>avec le côté droit vers l’appareil</translation>
        </message>
        <message>
            <source>with your fists on your collar-bones</source>
            <translation>avec les poings sur les clavicules</translation>
        </message>
        <message>
            <source>with your arms hanging down</source>
            <translation>avec les bras le long du corps</translation>
        </message>
        <message>
            <source>with your arms crossed on your chest</source>
            <translation>avec les bras croisés sur la poitrine</translation>
        </message>
        <message>
            <source>with your arms stretched forward</source>
            <translation>avec les bras tendus en avant</translation>
        </message>
        <message>
            <source>in {garment}</source>
            <translation>en {garment}</translation>
        </message>
        <message>
            <source>further away</source>
            <translation>plus loin</translation>
        </message>
        <message>
            <source>nearer</source>
            <translation>plus près</translation>
        </message>
        <message>
            <source>with the camera higher up</source>
            <translation>avec l’appareil plus haut</translation>
        </message>
        <message>
            <source>with the camera lower down</source>
            <translation>avec l’appareil plus bas</translation>
        </message>
        <message>
            <source>with the camera more level</source>
            <translation>avec l’appareil plus droit</translation>
        </message>
        <message>
            <source>with the camera more tilted</source>
            <translation>avec l’appareil plus incliné</translation>
        </message>
    </context>
    <context>
        <name>app.text.check</name>
        <message>
            <source>Put your hands on your hips. Follow the edge of the bone forward with your fingers until it ends in a small bump at the front: that is the front point.</source>
            <translation>Mettez les mains sur les hanches. Suivez du doigt le bord de l’os vers l’avant, jusqu’à la petite bosse où il se termine : c’est le point avant.</translation>
        </message>
        <message>
            <source>Slide your thumbs to the back, to the two dimples just above the buttocks. The bump under the dimple is the back point.</source>
            <translation>Glissez les pouces vers l’arrière, jusqu’aux deux fossettes juste au-dessus des fesses. La bosse sous la fossette est le point arrière.</translation>
        </message>
        <message>
            <source>On the picture, drag the front cross to where the front bump is, and the back cross to where the dimple is, on the side that faces the camera.</source>
            <translation>Sur l’image, faites glisser la croix avant sur la bosse de devant et la croix arrière sur la fossette, du côté tourné vers l’appareil.</translation>
        </message>
        <message>
            <source>The points can be felt, but hardly seen. It is most exact when somebody feels for them and puts a small sticker on each before the picture is taken.</source>
            <translation>Ces points se sentent, mais se voient à peine. Le plus exact est que quelqu’un les cherche du doigt et y colle une petite pastille avant la photo.</translation>
        </message>
        <message>
            <source>A body from the side. The front point is the bump at the front end of the hip bone's edge; the back point lies under the dimple above the buttock, usually a little higher.</source>
            <translation>Un corps de profil. Le point avant est la bosse à l’extrémité avant du bord de l’os de la hanche ; le point arrière se trouve sous la fossette au-dessus de la fesse, en général un peu plus haut.</translation>
        </message>
        <message>
            <source>usual range 3 to 20° forward</source>
            <translation>plage habituelle : 3 à 20° vers l’avant</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>Bascule estimée du bassin</translation>
        </message>
        <message>
            <source>Angle of the belt line</source>
            <translation>Angle de la ligne de ceinture</translation>
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
            <translation>{angle}° plus bas à l’avant</translation>
        </message>
        <message>
            <source>{angle}° higher in front</source>
            <translation>{angle}° plus haut à l’avant</translation>
        </message>
        <message>
            <source>likely {interval}</source>
            <translation>probablement {interval}</translation>
        </message>
        <message>
            <source>Also, {method}: {value}, {likely}.</source>
            <translation>De plus, {method} : {value}, {likely}.</translation>
        </message>
        <message>
            <source>Belt line: {value}, {likely}</source>
            <translation>Ligne de ceinture : {value}, {likely}</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was turned by {roll}°; that is taken out.</source>
            <translation>Votre fil à plomb montre que l’appareil était tourné de {roll}° ; le calcul en tient compte.</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was level.</source>
            <translation>Votre fil à plomb montre que l’appareil était droit.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. To be sure, lay the plumb line under “Mark the bony points yourself” on a door frame.</source>
            <translation>Si l’appareil était incliné, l’angle est faux d’autant. Pour le vérifier, posez le fil à plomb, sous « Marquer soi-même les pointes osseuses », sur un cadre de porte.</translation>
        </message>
        <message>
            <source>How far is your pelvis tilted?</source>
            <translation>De combien votre bassin bascule-t-il ?</translation>
        </message>
        <message>
            <source>Stand side-on to the camera in clothes that fit closely, your fists on your collar-bones.</source>
            <translation>Placez-vous de profil par rapport à l’appareil, en vêtements près du corps, les poings sur les clavicules.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out. Have the picture taken from about three metres away, at the height of your hips.</source>
            <translation>Faites cinq pas sur place, relâchez-vous, regardez devant vous, expirez. Faites-vous photographier à environ trois mètres, à hauteur de vos hanches.</translation>
        </message>
        <message>
            <source>Open the photograph, drop it on this page or paste it. It stays on this computer.</source>
            <translation>Ouvrez la photo, déposez-la sur cette page ou collez-la. Elle reste sur cet ordinateur.</translation>
        </message>
        <message>
            <source>Drawing</source>
            <translation>Dessin</translation>
        </message>
        <message>
            <source>The camera stands beside the person, at the height of the hips and three metres away. The picture shows the person from the side, from head to feet, fists on the collar-bones.</source>
            <translation>L’appareil est à côté de la personne, à hauteur des hanches et à trois mètres. L’image montre la personne de profil, de la tête aux pieds, les poings sur les clavicules.</translation>
        </message>
        <message>
            <source>On the left, what was wrong with the picture. On the right, how it should be: one person from the side, upright, from head to feet.</source>
            <translation>À gauche, ce qui n’allait pas dans l’image. À droite, comment elle devrait être : une seule personne, de profil, debout, de la tête aux pieds.</translation>
        </message>
        <message>
            <source>Three metres away, side-on, whole body in the picture, fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>À trois mètres, de profil, le corps entier dans l’image, les poings sur les clavicules. Faites cinq pas sur place, relâchez-vous, regardez devant vous, expirez.</translation>
        </message>
        <message>
            <source>Drag each of the two points to where you feel the bone under the skin. The arrow keys move the chosen point by a little. Add the plumb line if something upright is in the picture.</source>
            <translation>Faites glisser chacun des deux points là où vous sentez l’os sous la peau. Les flèches déplacent un peu le point choisi. Ajoutez le fil à plomb s’il y a un élément vertical dans l’image.</translation>
        </message>
        <message>
            <source>Drag the two ends of the line onto something that is upright in reality, such as a door frame or the edge of a wall, as far apart as you can. It shows how far the camera was turned.</source>
            <translation>Faites glisser les deux bouts de la ligne sur un élément réellement vertical, comme un cadre de porte ou l’arête d’un mur, aussi loin l’un de l’autre que possible. Cela montre de combien l’appareil était tourné.</translation>
        </message>
        <message>
            <source>This is a link to the web, not a photograph.</source>
            <translation>C’est un lien vers le web, pas une photo.</translation>
        </message>
        <message>
            <source>Save the picture on this computer first, then open it here.</source>
            <translation>Enregistrez d’abord l’image sur cet ordinateur, puis ouvrez-la ici.</translation>
        </message>
        <message>
            <source>This is not a photograph.</source>
            <translation>Ce n’est pas une photo.</translation>
        </message>
        <message>
            <source>Drop a picture file here, for example a JPEG.</source>
            <translation>Déposez ici un fichier image, par exemple un JPEG.</translation>
        </message>
        <message>
            <source>There is no picture to paste.</source>
            <translation>Il n’y a pas d’image à coller.</translation>
        </message>
        <message>
            <source>Copy a photograph or its file first, then paste it here.</source>
            <translation>Copiez d’abord une photo ou son fichier, puis collez ici.</translation>
        </message>
        <message>
            <source>One photograph at a time: the first of {count} was opened.</source>
            <translation>Une photo à la fois : la première des {count} a été ouverte.</translation>
        </message>
        <message>
            <source>The hips cannot be seen well enough to place the points.</source>
            <translation>Les hanches ne se voient pas assez bien pour placer les points.</translation>
        </message>
        <message>
            <source>Take a picture in which the whole body shows.</source>
            <translation>Prenez une photo où l’on voit tout le corps.</translation>
        </message>
        <message>
            <source>{name}: {message} {fix}</source>
            <translation>{name} : {message} {fix}</translation>
        </message>
        <message>
            <source>Nothing was moved, so this is still the automatic measurement.</source>
            <translation>Rien n’a été déplacé, c’est donc toujours la mesure automatique.</translation>
        </message>
        <message>
            <source>This is a computer-made person. The sample is not saved; open a photograph of your own to begin a history.</source>
            <translation>C’est une personne créée par ordinateur. L’exemple n’est pas enregistré ; ouvrez une photo de vous pour commencer un historique.</translation>
        </message>
        <message>
            <source>This check could not be saved.</source>
            <translation>Cette mesure n’a pas pu être enregistrée.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>Réessayez ; si cela échoue encore, fermez Beltline et rouvrez-le.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>Une erreur de Beltline s’est produite avec cette photo.</translation>
        </message>
        <message>
            <source>Try another picture, and please report what happened.</source>
            <translation>Essayez une autre image, et signalez ce qui s’est passé.</translation>
        </message>
        <message>
            <source>Exercises and self-check</source>
            <translation>Exercices et autotest</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>Rappel de pause</translation>
        </message>
        <message>
            <source>Live check</source>
            <translation>Mesure en direct</translation>
        </message>
        <message>
            <source>How to prepare</source>
            <translation>Comment se préparer</translation>
        </message>
        <message>
            <source>Fists on the collar-bones</source>
            <translation>Poings sur les clavicules</translation>
        </message>
        <message>
            <source>Hanging down</source>
            <translation>Le long du corps</translation>
        </message>
        <message>
            <source>Crossed on the chest</source>
            <translation>Croisés sur la poitrine</translation>
        </message>
        <message>
            <source>Stretched forward</source>
            <translation>Tendus en avant</translation>
        </message>
    </context>
    <context>
        <name>app.text.doctor</name>
        <message>
            <source>All models are there and undamaged.</source>
            <translation>Tous les modèles sont là et intacts.</translation>
        </message>
        <message>
            <source>The sample picture was measured: {tilt}.</source>
            <translation>L’image d’exemple a été mesurée : {tilt}.</translation>
        </message>
        <message>
            <source>The sample picture could not be measured.</source>
            <translation>L’image d’exemple n’a pas pu être mesurée.</translation>
        </message>
        <message>
            <source>Install Beltline again.</source>
            <translation>Réinstallez Beltline.</translation>
        </message>
        <message>
            <source>A window can be opened.</source>
            <translation>Une fenêtre peut être ouverte.</translation>
        </message>
        <message>
            <source>Found: {names}.</source>
            <translation>Trouvé : {names}.</translation>
        </message>
        <message>
            <source>No camera was found.</source>
            <translation>Aucune caméra n’a été trouvée.</translation>
        </message>
        <message>
            <source>Photographs can be measured all the same; else connect a camera.</source>
            <translation>Les photos peuvent être mesurées quand même ; sinon, branchez une caméra.</translation>
        </message>
        <message>
            <source>Another program looks through a camera just now; close it if yours stays black.</source>
            <translation>Un autre programme utilise une caméra en ce moment ; fermez-le si l’image de la vôtre reste noire.</translation>
        </message>
        <message>
            <source>There is a camera, but you are not allowed to use it.</source>
            <translation>Il y a une caméra, mais vous n’avez pas le droit de l’utiliser.</translation>
        </message>
        <message>
            <source>Give yourself the right with this command, then log out and in again: {command}</source>
            <translation>Donnez-vous ce droit avec cette commande, puis fermez votre session et rouvrez-la : {command}</translation>
        </message>
        <message>
            <source>This computer can speak, so the live check tells you what to do.</source>
            <translation>Cet ordinateur peut parler : la mesure en direct vous dit donc quoi faire.</translation>
        </message>
        <message>
            <source>This computer has no voice for your language; tones and large words stand in for it.</source>
            <translation>Cet ordinateur n’a pas de voix pour votre langue ; des sons et de grands mots à l’écran la remplacent.</translation>
        </message>
        <message>
            <source>Install one, on Debian or Ubuntu with: {command}</source>
            <translation>Installez-en une, sous Debian ou Ubuntu avec : {command}</translation>
        </message>
        <message>
            <source>sudo apt install speech-dispatcher-espeak-ng</source>
            <translation>sudo apt install speech-dispatcher-espeak-ng</translation>
        </message>
        <message>
            <source>Every letter of your language can be shown and printed.</source>
            <translation>Tous les caractères de votre langue peuvent être affichés et imprimés.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters of your language: {letters}</source>
            <translation>Aucune police de cet ordinateur ne contient ces caractères de votre langue : {letters}</translation>
        </message>
        <message>
            <source>Install a font for them, such as one of Google's Noto fonts, and look again.</source>
            <translation>Installez une police qui les contient, par exemple une des polices Noto de Google, puis vérifiez de nouveau.</translation>
        </message>
        <message>
            <source>A camera's password is kept safely, in this computer's keyring.</source>
            <translation>Le mot de passe d’une caméra est gardé en sécurité, dans le trousseau de clés de cet ordinateur.</translation>
        </message>
        <message>
            <source>There is no keyring, so a camera's password is kept nowhere.</source>
            <translation>Il n’y a pas de trousseau de clés : le mot de passe d’une caméra n’est donc gardé nulle part.</translation>
        </message>
        <message>
            <source>Type it each time, or install GNOME Keyring or KWallet.</source>
            <translation>Tapez-le à chaque fois, ou installez GNOME Keyring ou KWallet.</translation>
        </message>
        <message>
            <source>Checks kept: {count}, in {where}.</source>
            <translation>Mesures gardées : {count}, dans {where}.</translation>
        </message>
        <message>
            <source>the database that BELTLINE_DATABASE_URL names</source>
            <translation>la base de données indiquée par BELTLINE_DATABASE_URL</translation>
        </message>
        <message>
            <source>Nothing is kept yet; it will be in {folder}.</source>
            <translation>Rien n’est encore gardé ; ce sera dans {folder}.</translation>
        </message>
        <message>
            <source>Nothing can be kept in {folder}: that place cannot be written to.</source>
            <translation>Rien ne peut être gardé dans {folder} : cet emplacement n’est pas accessible en écriture.</translation>
        </message>
        <message>
            <source>Make the folder yours to write to.</source>
            <translation>Donnez-vous le droit d’écrire dans ce dossier.</translation>
        </message>
        <message>
            <source>Saved in {path}: {checks}, {tests} and {entries}.</source>
            <translation>Enregistré dans {path} : {checks}, {tests} et {entries}.</translation>
        </message>
        <message>
            <source>What could be read is in use now: {checks}, {tests} and {entries}.</source>
            <translation>Ce qui a pu être lu est maintenant utilisé : {checks}, {tests} et {entries}.</translation>
        </message>
        <message>
            <source>{count} of these come from copies of earlier days.</source>
            <translation>Dont {count} provenant de copies des jours précédents.</translation>
        </message>
        <message>
            <source>Lost: {what}.</source>
            <translation>Perdu : {what}.</translation>
        </message>
        <message>
            <source>check {number} of {when}, {angle}</source>
            <translation>mesure {number} du {when}, {angle}</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>{count} de plus</translation>
        </message>
        <message>
            <source>Nothing was lost of which there is any trace.</source>
            <translation>D’après les traces qui restent, rien n’a été perdu.</translation>
        </message>
        <message>
            <source>To go on with it: beltline history use-copy '{path}'</source>
            <translation>Pour continuer avec elle : beltline history use-copy '{path}'</translation>
        </message>
        <message>
            <source>{day}  {size} MB{flaws}</source>
            <translation>{day}  {size} Mo{flaws}</translation>
        </message>
        <message>
            <source>  some of it cannot be read</source>
            <translation>  une partie est illisible</translation>
        </message>
        <message>
            <source>There is no copy yet: one is made on each day on which something new is kept.</source>
            <translation>Il n’y a pas encore de copie : une copie est faite chaque jour où quelque chose de nouveau est gardé.</translation>
        </message>
        <message>
            <source>Put it in the place of the history as it is now? That is kept beside it.</source>
            <translation>La mettre à la place de l’historique actuel ? Celui-ci est gardé à côté.</translation>
        </message>
        <message>
            <source>Everything was left as it is.</source>
            <translation>Tout est resté tel quel.</translation>
        </message>
        <message>
            <source>The history is now the one of {path}.</source>
            <translation>L’historique est maintenant celui de {path}.</translation>
        </message>
        <message>
            <source>The one before was kept: {path}</source>
            <translation>Le précédent a été gardé : {path}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>{count} mesure</numerusform>
                <numerusform>{count} mesures</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>parts of {count} checks</source>
            <translation>
                <numerusform>des parties de {count} mesure</numerusform>
                <numerusform>des parties de {count} mesures</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>{count} test de contraction</numerusform>
                <numerusform>{count} tests de contraction</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} diary entries</source>
            <translation>
                <numerusform>{count} entrée du carnet</numerusform>
                <numerusform>{count} entrées du carnet</numerusform>
            </translation>
        </message>
        <message>
            <source>in order</source>
            <translation>en ordre</translation>
        </message>
        <message>
            <source>not there</source>
            <translation>absent</translation>
        </message>
        <message>
            <source>not working</source>
            <translation>ne marche pas</translation>
        </message>
        <message>
            <source>What works here</source>
            <translation>Ce qui fonctionne ici</translation>
        </message>
        <message>
            <source>Each part of Beltline is looked at. Nothing is changed, and nothing is sent anywhere.</source>
            <translation>Chaque partie de Beltline est passée en revue. Rien n’est modifié, et rien n’est envoyé nulle part.</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modèles</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Mesure</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Caméra</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Voix</translation>
        </message>
        <message>
            <source>Letters</source>
            <translation>Caractères</translation>
        </message>
        <message>
            <source>Passwords</source>
            <translation>Mots de passe</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historique</translation>
        </message>
        <message>
            <source>Looking…</source>
            <translation>Vérification…</translation>
        </message>
        <message>
            <source>In order.</source>
            <translation>En ordre.</translation>
        </message>
        <message>
            <source>Not there.</source>
            <translation>Absent.</translation>
        </message>
        <message>
            <source>Not working.</source>
            <translation>Ne marche pas.</translation>
        </message>
        <message>
            <source>Look again</source>
            <translation>Vérifier de nouveau</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Copy all</source>
            <translation>Tout copier</translation>
        </message>
        <message>
            <source>To paste it into a letter to somebody who helps you</source>
            <translation>Pour le coller dans un message à quelqu’un qui vous aide</translation>
        </message>
        <message>
            <source>Say something</source>
            <translation>Dire quelque chose</translation>
        </message>
        <message>
            <source>This is how Beltline speaks to you.</source>
            <translation>Voici comment Beltline vous parle.</translation>
        </message>
        <message>
            <source>Try the camera</source>
            <translation>Essayer la caméra</translation>
        </message>
        <message>
            <source>Copy the command</source>
            <translation>Copier la commande</translation>
        </message>
        <message>
            <source>Earlier copies…</source>
            <translation>Copies précédentes…</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.sheet</name>
        <message>
            <source>How to stand for the picture</source>
            <translation>Comment se placer pour la photo</translation>
        </message>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted.</source>
            <translation>À partir d’une photo de profil, Beltline mesure de combien votre bassin est basculé.</translation>
        </message>
        <message>
            <source>The picture</source>
            <translation>La photo</translation>
        </message>
        <message>
            <source>The camera</source>
            <translation>L’appareil</translation>
        </message>
        <message>
            <source>At the height of your hips, on something that stands firmly.</source>
            <translation>À hauteur de vos hanches, sur un support stable.</translation>
        </message>
        <message>
            <source>Level: not tipped forward or back, not turned to one side.</source>
            <translation>Bien droit : ni penché vers l’avant ou l’arrière, ni tourné d’un côté.</translation>
        </message>
        <message>
            <source>Three metres away, so that you are in the picture from head to feet.</source>
            <translation>À trois mètres, pour que vous soyez dans l’image de la tête aux pieds.</translation>
        </message>
        <message>
            <source>Light from the side of the camera, no bright window behind you.</source>
            <translation>De la lumière venant du côté de l’appareil, pas de fenêtre lumineuse derrière vous.</translation>
        </message>
        <message>
            <source>Nobody else in the picture; a door frame or the edge of a wall in it helps.</source>
            <translation>Personne d’autre dans l’image ; un cadre de porte ou l’arête d’un mur y est utile.</translation>
        </message>
        <message>
            <source>You</source>
            <translation>Vous</translation>
        </message>
        <message>
            <source>Side-on: the shoulder, hip and foot near the camera hide those on the far side.</source>
            <translation>De profil : l’épaule, la hanche et le pied proches de l’appareil cachent ceux de l’autre côté.</translation>
        </message>
        <message>
            <source>Clothes that fit closely, the top tucked in, no coat, no bag. Bare feet or flat shoes.</source>
            <translation>Des vêtements près du corps, le haut rentré, ni manteau ni sac. Pieds nus ou chaussures plates.</translation>
        </message>
        <message>
            <source>Fists on your collar-bones, so that your arms do not hide your hips.</source>
            <translation>Les poings sur les clavicules, pour que les bras ne cachent pas les hanches.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>Faites cinq pas sur place, relâchez-vous, regardez devant vous, expirez.</translation>
        </message>
        <message>
            <source>To see a change later: the same clothes, the same arms, the same place.</source>
            <translation>Pour voir un changement plus tard : les mêmes vêtements, les bras placés pareil, le même endroit.</translation>
        </message>
        <message>
            <source>What is measured</source>
            <translation>Ce qui est mesuré</translation>
        </message>
        <message>
            <source>The angle between level and the line from the dimple at the back of the hip to the bony bump at its front, seen from the side. Forward means that the front is lower. It comes with a likely range, meant to hold the true angle in 9 of 10 cases.</source>
            <translation>L’angle entre l’horizontale et la ligne qui va de la fossette à l’arrière de la hanche à la pointe osseuse à l’avant, vu de profil. « Vers l’avant » signifie que l’avant est plus bas. L’angle s’accompagne d’une plage probable, censée contenir le véritable angle dans 9 cas sur 10.</translation>
        </message>
        <message>
            <source>What it may mean</source>
            <translation>Ce que cela peut signifier</translation>
        </message>
        <message>
            <source>Most healthy young adults stand tilted forward: 85 % of men, 75 % of women. The shape of the bones alone makes 0 to 23°. Most people without pain stand between 3 and 20° forward; no line between healthy and unhealthy has been shown to hold.</source>
            <translation>La plupart des jeunes adultes en bonne santé se tiennent le bassin basculé vers l’avant : 85 % des hommes, 75 % des femmes. La forme des os à elle seule donne 0 à 23°. La plupart des personnes sans douleur se tiennent entre 3 et 20° vers l’avant ; aucune limite entre sain et non sain n’a fait ses preuves.</translation>
        </message>
        <message>
            <source>Two single pictures that differ by less than 9 or 10° show no real change.</source>
            <translation>Deux photos isolées qui diffèrent de moins de 9 ou 10° ne montrent pas de vrai changement.</translation>
        </message>
        <message>
            <source>Some physiotherapists read a forward belt line as a sign that the muscles of the buttocks do not switch on reliably, usually after much sitting. That is an observation from practice: no study shows that the tilt proves weak muscles or explains pain.</source>
            <translation>Certains kinésithérapeutes voient dans une ligne de ceinture plus basse à l’avant le signe que les muscles fessiers ne s’activent pas de façon fiable, en général après de longs moments assis. C’est une observation de terrain : aucune étude ne montre que la bascule prouve une faiblesse musculaire ou explique une douleur.</translation>
        </message>
        <message>
            <source>Herrington 2011 (n = 120); Preece 2008; Laird 2014.</source>
            <translation>Herrington 2011 (n = 120) ; Preece 2008 ; Laird 2014.</translation>
        </message>
        <message>
            <source>The picture stays on the computer that measures it.</source>
            <translation>La photo reste sur l’ordinateur qui la mesure.</translation>
        </message>
        <message>
            <source>Print how to stand…</source>
            <translation>Imprimer la fiche…</translation>
        </message>
        <message>
            <source>One page with drawings, for the wall beside the camera</source>
            <translation>Une page avec des dessins, pour le mur à côté de l’appareil</translation>
        </message>
        <message>
            <source>One page with drawings: where the camera goes, how to stand, what is measured.</source>
            <translation>Une page avec des dessins : où placer l’appareil, comment se tenir, ce qui est mesuré.</translation>
        </message>
        <message>
            <source>Paper</source>
            <translation>Papier</translation>
        </message>
        <message>
            <source>US Letter</source>
            <translation>US Letter</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>Enregistrer en PDF…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Save the page</source>
            <translation>Enregistrer la page</translation>
        </message>
        <message>
            <source>PDF (*.pdf)</source>
            <translation>PDF (*.pdf)</translation>
        </message>
        <message>
            <source>how to stand.pdf</source>
            <translation>comment se placer.pdf</translation>
        </message>
        <message>
            <source>The page is saved in {path}.</source>
            <translation>La page est enregistrée dans {path}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.tour</name>
        <message>
            <source>The pages</source>
            <translation>Les pages</translation>
        </message>
        <message>
            <source>A button for each page of Beltline; Ctrl with its number does the same. At the foot you see whose turn it is.</source>
            <translation>Un bouton pour chaque page de Beltline ; Ctrl avec son numéro fait la même chose. En bas, vous voyez quelle personne est choisie.</translation>
        </message>
        <message>
            <source>How to stand</source>
            <translation>Comment se placer</translation>
        </message>
        <message>
            <source>Side-on to the camera, three metres away, the camera as high as your hips, fists on your collar-bones. Everything else follows from a good picture.</source>
            <translation>De profil par rapport à l’appareil, à trois mètres, l’appareil à hauteur des hanches, les poings sur les clavicules. Tout le reste découle d’une bonne photo.</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>Mesurer</translation>
        </message>
        <message>
            <source>Open a photograph, take one here, or let your phone send it. You get an angle, how sure it is, and what to do next. Without a picture of your own, try the sample.</source>
            <translation>Ouvrez une photo, prenez-en une ici, ou faites-la envoyer par votre téléphone. Vous obtenez un angle, son degré de certitude et ce qu’il y a à faire ensuite. Si vous n’avez pas de photo, essayez l’exemple.</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>Direct</translation>
        </message>
        <message>
            <source>Here the camera watches while you turn and stand, tells you aloud what to change, and measures by itself once you stand well.</source>
            <translation>Ici, la caméra vous observe pendant que vous vous tournez et vous tenez debout, vous dit à voix haute ce qu’il faut changer, et mesure d’elle-même une fois que vous êtes bien en place.</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Exercices</translation>
        </message>
        <message>
            <source>A short list for today, with pictures. A few questions come first, so that nothing is done that could hurt.</source>
            <translation>Une courte liste pour aujourd’hui, avec des images. Quelques questions viennent d’abord, pour ne rien faire qui puisse faire mal.</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>Moins assis</translation>
        </message>
        <message>
            <source>A reminder to get up now and then. It waits while you are in a call or show something, and is off until you switch it on.</source>
            <translation>Un rappel pour vous lever de temps en temps. Il attend pendant un appel ou une présentation, et reste désactivé tant que vous ne l’activez pas.</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Historique</translation>
        </message>
        <message>
            <source>What you saved, and how it changes. It tells a real change from chance, and makes a report to bring to a physiotherapist.</source>
            <translation>Ce que vous avez enregistré, et comment cela évolue. Cette page distingue un vrai changement du hasard, et crée un rapport à apporter au kinésithérapeute.</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>Aide</translation>
        </message>
        <message>
            <source>This tour, the first questions, a look at what works here and a page to print are all here, and under F1.</source>
            <translation>Cette visite, les premières questions, un point sur ce qui fonctionne ici et une page à imprimer : tout est ici, et sous F1.</translation>
        </message>
        <message>
            <source>{n} of {count}</source>
            <translation>{n} sur {count}</translation>
        </message>
        <message>
            <source>Tour</source>
            <translation>Visite</translation>
        </message>
        <message>
            <source>Leave</source>
            <translation>Quitter</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Suivant</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>Leave the tour (Esc); it can be taken again from Settings</source>
            <translation>Quitter la visite (Échap) ; on peut la refaire depuis les Réglages</translation>
        </message>
        <message>
            <source>Tour…</source>
            <translation>Visite…</translation>
        </message>
        <message>
            <source>Two minutes through the window; leave it whenever you like</source>
            <translation>Deux minutes pour découvrir la fenêtre ; quittez-la quand vous voulez</translation>
        </message>
    </context>
    <context>
        <name>app.text.history</name>
        <message>
            <source>from the outline of the body</source>
            <translation>d’après le contour du corps</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>d’après le contour du corps, avec l’étalonnage propre à cette personne</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>d’après les deux pointes osseuses marquées</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>d’après les deux pastilles</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>d’après la ligne de ceinture</translation>
        </message>
        <message>
            <source>Body outline</source>
            <translation>Contour du corps</translation>
        </message>
        <message>
            <source>Calibrated outline</source>
            <translation>Contour étalonné</translation>
        </message>
        <message>
            <source>Two marked points</source>
            <translation>Deux points marqués</translation>
        </message>
        <message>
            <source>Two stickers</source>
            <translation>Deux pastilles</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>Ligne de ceinture</translation>
        </message>
        <message>
            <source>fists on the collar-bones</source>
            <translation>poings sur les clavicules</translation>
        </message>
        <message>
            <source>hanging</source>
            <translation>le long du corps</translation>
        </message>
        <message>
            <source>crossed</source>
            <translation>croisés</translation>
        </message>
        <message>
            <source>stretched forward</source>
            <translation>tendus en avant</translation>
        </message>
        <message>
            <source>Forward tilt in degrees, backward below 0</source>
            <translation>Bascule vers l’avant en degrés, vers l’arrière sous 0</translation>
        </message>
        <message>
            <source>Belt line in degrees: front lower above 0, front higher below 0</source>
            <translation>Ligne de ceinture en degrés : avant plus bas au-dessus de 0, plus haut sous 0</translation>
        </message>
        <message>
            <source>usual range of people without pain</source>
            <translation>plage habituelle des personnes sans douleur</translation>
        </message>
        <message>
            <source>checked on computer-made bodies</source>
            <translation>vérifié sur des corps créés par ordinateur</translation>
        </message>
        <message>
            <source>Bars: how far checks differ by chance. Line: all of them together.</source>
            <translation>Barres : variation des mesures due au hasard. Ligne : toutes ensemble.</translation>
        </message>
        <message>
            <source>No checks yet</source>
            <translation>Pas encore de mesures</translation>
        </message>
        <message>
            <source>Measure a side-on photograph on the Check page and press Save. Your checks then appear here, with how they change over time.</source>
            <translation>Mesurez une photo de profil sur la page Mesurer et appuyez sur Enregistrer. Vos mesures apparaîtront ici, avec leur évolution dans le temps.</translation>
        </message>
        <message>
            <source>No check matches what you chose above.</source>
            <translation>Aucune mesure ne correspond à votre choix ci-dessus.</translation>
        </message>
        <message>
            <source>Choose something else, or show all checks again.</source>
            <translation>Choisissez autre chose, ou affichez de nouveau toutes les mesures.</translation>
        </message>
        <message>
            <source>Since {day}: {change}</source>
            <translation>Depuis la mesure précédente ({day}) : {change}</translation>
        </message>
        <message>
            <source>Newest, {when}: {angle}.</source>
            <translation>La plus récente, {when} : {angle}.</translation>
        </message>
        <message>
            <source>A second check, taken the same way and in the same clothes, shows whether it changes.</source>
            <translation>Une deuxième mesure, prise de la même façon et avec les mêmes vêtements, montrera s’il y a un changement.</translation>
        </message>
        <message>
            <source>No earlier check was measured the same way, so there is nothing to compare it with.</source>
            <translation>Aucune mesure antérieure n’a été faite de la même façon, il n’y a donc rien à comparer.</translation>
        </message>
        <message>
            <source>no real change.</source>
            <translation>pas de vrai changement.</translation>
        </message>
        <message>
            <source>Since {when}, {angle}, {why}: {change}</source>
            <translation>Depuis la mesure du {when}, {angle}, {why} : {change}</translation>
        </message>
        <message>
            <source>the last with the same clothes and arms</source>
            <translation>la dernière avec les mêmes vêtements et la même position des bras</translation>
        </message>
        <message>
            <source>the one before it</source>
            <translation>celle d’avant</translation>
        </message>
        <message>
            <source>{change} ({smallest}° or more is one).</source>
            <translation>{change} (à partir de {smallest}°, c’en est un).</translation>
        </message>
        <message>
            <source>no real change ({apart} apart; a real one is {smallest}° or more).</source>
            <translation>pas de vrai changement (écart : {apart} ; il en faut au moins {smallest}°).</translation>
        </message>
        <message>
            <source>The forward tilt fell by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>La bascule vers l’avant a diminué d’environ {change}° du {first} au {last} (probablement {low} à {high}°).</translation>
        </message>
        <message>
            <source>The forward tilt rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>La bascule vers l’avant a augmenté d’environ {change}° du {first} au {last} (probablement {low} à {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>L’avant de la ligne de ceinture est monté d’environ {change}° du {first} au {last} (probablement {low} à {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line sank by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>L’avant de la ligne de ceinture est descendu d’environ {change}° du {first} au {last} (probablement {low} à {high}°).</translation>
        </message>
        <message>
            <source>No real change from {first} to {last}: if there is one, it is less than {most}°.</source>
            <translation>Pas de vrai changement du {first} au {last} : s’il y en a un, il est de moins de {most}°.</translation>
        </message>
        <message>
            <source>All {count} checks say this together.</source>
            <translation>C’est ce que disent ensemble les {count} mesures.</translation>
        </message>
        <message>
            <source>{count} of {total} checks say this together. The others were taken in other ways, too seldom to show a change.</source>
            <translation>C’est ce que disent ensemble {count} mesures sur {total}. Les autres ont été prises autrement, trop rarement pour montrer un changement.</translation>
        </message>
        <message>
            <source>About {count} more checks like these would show a change of {change}°.</source>
            <translation>Environ {count} mesures de plus comme celles-ci montreraient un changement de {change}°.</translation>
        </message>
        <message>
            <source>{difference}° further forward, a real change.</source>
            <translation>{difference}° de plus vers l’avant, un vrai changement.</translation>
        </message>
        <message>
            <source>{difference}° further backward, a real change.</source>
            <translation>{difference}° de plus vers l’arrière, un vrai changement.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° lower, a real change.</source>
            <translation>l’avant de la ligne de ceinture est {difference}° plus bas, un vrai changement.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° higher, a real change.</source>
            <translation>l’avant de la ligne de ceinture est {difference}° plus haut, un vrai changement.</translation>
        </message>
        <message>
            <source>The two are the same in whole degrees.</source>
            <translation>Les deux sont identiques en degrés entiers.</translation>
        </message>
        <message>
            <source>The two are {difference}° apart.</source>
            <translation>Écart entre les deux : {difference}°.</translation>
        </message>
        <message>
            <source>just under {smallest}</source>
            <translation>un peu moins de {smallest}</translation>
        </message>
        <message>
            <source>Between these two single pictures, less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>Entre ces deux images isolées, moins de {smallest}° n’est pas un vrai changement : mesurer deux fois et se tenir debout un autre jour peuvent donner autant d’écart.</translation>
        </message>
        <message>
            <source>Less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day. Five repeats taken alike each time find your own limit.</source>
            <translation>Moins de {smallest}° n’est pas un vrai changement : mesurer deux fois et se tenir debout un autre jour peuvent donner autant d’écart. Cinq répétitions prises chaque fois de la même façon donnent votre propre limite.</translation>
        </message>
        <message>
            <source>By their repeats, less than {smallest}° is no real change, if clothes, arms and camera were the same.</source>
            <translation>D’après leurs répétitions, moins de {smallest}° n’est pas un vrai changement, si les vêtements, la position des bras et l’appareil étaient les mêmes.</translation>
        </message>
        <message>
            <source>These two were measured in different ways ({first}; {second}). The ways can differ by themselves, so no difference is given.</source>
            <translation>Ces deux mesures ont été faites de manières différentes ({first} ; {second}). Les méthodes peuvent différer d’elles-mêmes, aucun écart n’est donc donné.</translation>
        </message>
        <message>
            <source>A belt line can only be compared in the same clothes, so no difference is given.</source>
            <translation>Une ligne de ceinture ne se compare que dans les mêmes vêtements, aucun écart n’est donc donné.</translation>
        </message>
        <message>
            <source>The clothes differ ({first}; {second}), which can shift the number.</source>
            <translation>Les vêtements diffèrent ({first} ; {second}), ce qui peut décaler le chiffre.</translation>
        </message>
        <message>
            <source>The arms differ ({first}; {second}), which can shift the number.</source>
            <translation>La position des bras diffère ({first} ; {second}), ce qui peut décaler le chiffre.</translation>
        </message>
        <message>
            <source>Clothes and arms were not the same, which can shift the number.</source>
            <translation>Les vêtements et la position des bras n’étaient pas les mêmes, ce qui peut décaler le chiffre.</translation>
        </message>
        <message>
            <source>The clothes were not the same, which can shift the number.</source>
            <translation>Les vêtements n’étaient pas les mêmes, ce qui peut décaler le chiffre.</translation>
        </message>
        <message>
            <source>The arms were not in the same place, which can shift the number.</source>
            <translation>Les bras n’étaient pas au même endroit, ce qui peut décaler le chiffre.</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>non précisé</translation>
        </message>
        <message>
            <source>{name}, {count} repeats</source>
            <translation>{name}, {count} répétitions</translation>
        </message>
        <message>
            <source>middle of {count} repeats</source>
            <translation>valeur centrale de {count} répétitions</translation>
        </message>
        <message>
            <source>Middle (median) of {count} repeats, spread {spread}</source>
            <translation>Valeur centrale (médiane) de {count} répétitions, dispersion : {spread}</translation>
        </message>
        <message>
            <source>One stance, measured for some seconds</source>
            <translation>Une seule position, mesurée pendant quelques secondes</translation>
        </message>
        <message>
            <source>One by one: {angles}</source>
            <translation>Une par une : {angles}</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>moins de 1°</translation>
        </message>
        <message>
            <source>Only the numbers of this check were kept, no picture.</source>
            <translation>Seuls les chiffres de cette mesure ont été gardés, pas d’image.</translation>
        </message>
        <message>
            <source>The picture of this check is no longer where it was kept. The numbers are still here; if you have the photograph, check it again to see it.</source>
            <translation>L’image de cette mesure n’est plus à sa place. Les chiffres sont toujours là ; si vous avez la photo, mesurez-la de nouveau pour la voir.</translation>
        </message>
        <message>
            <source>The two pictures cannot be laid over each other: ankles and shoulders have to be seen in both, and both pictures have to be kept.</source>
            <translation>Les deux images ne peuvent pas être superposées : il faut voir les chevilles et les épaules sur les deux, et avoir gardé les deux images.</translation>
        </message>
        <message>
            <source>Clothes changed</source>
            <translation>Vêtements modifiés</translation>
        </message>
        <message>
            <source>Arms changed</source>
            <translation>Bras modifiés</translation>
        </message>
        <message>
            <source>Note changed</source>
            <translation>Note modifiée</translation>
        </message>
        <message>
            <source>Date changed</source>
            <translation>Date modifiée</translation>
        </message>
        <message>
            <source>No checks are kept yet. Keep one with: beltline measure --save PHOTO</source>
            <translation>Aucune mesure n’est encore gardée. Pour en garder une : beltline measure --save PHOTO</translation>
        </message>
        <message>
            <source>No check matches.</source>
            <translation>Aucune mesure ne correspond.</translation>
        </message>
        <message>
            <source>{profile}, measured {method}: {count}</source>
            <translation>{profile}, mesure {method} : {count}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>{count} mesure</numerusform>
                <numerusform>{count} mesures</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Deleted {count} checks</source>
            <translation>
                <numerusform>{count} mesure supprimée</numerusform>
                <numerusform>{count} mesures supprimées</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} new people</source>
            <translation>
                <numerusform>{count} nouvelle personne</numerusform>
                <numerusform>{count} nouvelles personnes</numerusform>
            </translation>
        </message>
        <message>
            <source>From the first to the latest: {change}</source>
            <translation>De la première à la plus récente : {change}</translation>
        </message>
        <message>
            <source>A second check, taken the same way, shows whether it changes.</source>
            <translation>Une deuxième mesure, prise de la même façon, montrera s’il y a un changement.</translation>
        </message>
        <message>
            <source>A second test, done the same way, shows whether it changes.</source>
            <translation>Un deuxième test, fait de la même façon, montrera s’il y a un changement.</translation>
        </message>
        <message>
            <source>Check {id} of {profile}, {when}</source>
            <translation>Mesure {id}, {profile}, {when}</translation>
        </message>
        <message>
            <source>Worn: {garment}</source>
            <translation>Tenue : {garment}</translation>
        </message>
        <message>
            <source>Arms: {arms}</source>
            <translation>Bras : {arms}</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>Note : {note}</translation>
        </message>
        <message>
            <source>Picture: {path}</source>
            <translation>Image : {path}</translation>
        </message>
        <message>
            <source>The picture is no longer where it was kept: {path}</source>
            <translation>L’image n’est plus à sa place : {path}</translation>
        </message>
        <message>
            <source>Only the numbers were kept, no picture.</source>
            <translation>Seuls les chiffres ont été gardés, pas d’image.</translation>
        </message>
        <message>
            <source>These two are checks of different people, so no difference is given.</source>
            <translation>Ces deux mesures sont de personnes différentes, aucun écart n’est donc donné.</translation>
        </message>
        <message>
            <source>Only checks that rest on the same calibration are compared.</source>
            <translation>Seules des mesures qui reposent sur le même étalonnage se comparent.</translation>
        </message>
        <message>
            <source>These two rest on different calibrations, which shift the number by themselves, so no difference is given.</source>
            <translation>Ces deux mesures reposent sur des étalonnages différents, qui décalent eux-mêmes le chiffre ; aucun écart n’est donc donné.</translation>
        </message>
        <message>
            <source>A belt line is compared in the same clothes only, and these two do not say that they are, so no difference is given.</source>
            <translation>Une ligne de ceinture ne se compare que dans les mêmes vêtements, et rien n’indique que ce soit le cas ici ; aucun écart n’est donc donné.</translation>
        </message>
        <message>
            <source>Delete {count} with picture? It can be had back for {days} days</source>
            <translation>Supprimer {count}, image comprise ? Récupération possible pendant {days} jours</translation>
        </message>
        <message>
            <source>Delete {count} with picture for good? This cannot be undone</source>
            <translation>Supprimer {count} pour de bon, image comprise ? C’est irréversible</translation>
        </message>
        <message>
            <source>{count} deleted. For {days} days it can be had back: beltline history restore {name}</source>
            <translation>Supprimé : {count}. Récupération possible pendant {days} jours : beltline history restore {name}</translation>
        </message>
        <message>
            <source>{count} deleted for good.</source>
            <translation>Supprimé pour de bon : {count}.</translation>
        </message>
        <message>
            <source>Back in the history: {what}.</source>
            <translation>De retour dans l’historique : {what}.</translation>
        </message>
        <message>
            <source>Nothing was deleted in the last {days} days.</source>
            <translation>Rien n’a été supprimé au cours des {days} derniers jours.</translation>
        </message>
        <message>
            <source>{name}  {when}  {what}</source>
            <translation>{name}  {when}  {what}</translation>
        </message>
        <message>
            <source>Delete all that is in the bin for good? This cannot be undone</source>
            <translation>Supprimer pour de bon tout ce qui est dans la corbeille ? C’est irréversible</translation>
        </message>
        <message>
            <source>The bin is empty now.</source>
            <translation>La corbeille est maintenant vide.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>{count} image</numerusform>
                <numerusform>{count} images</numerusform>
            </translation>
        </message>
        <message>
            <source>{checks} and {pictures} written to {path}</source>
            <translation>Écrit dans {path} : {checks} et {pictures}</translation>
        </message>
        <message>
            <source>Pictures left out, because it is not known where all heads are in them: {count}.</source>
            <translation>Images exclues, car on ne sait pas où y sont toutes les têtes : {count}.</translation>
        </message>
        <message>
            <source>{added} and {pictures} brought back; {duplicates} there already.</source>
            <translation>Récupéré : {added} et {pictures} ; déjà là : {duplicates}.</translation>
        </message>
        <message>
            <source>{names} with {what}</source>
            <translation>{names} avec {what}</translation>
        </message>
        <message>
            <source>{what} of {names}</source>
            <translation>{what} ({names})</translation>
        </message>
        <message>
            <source>no checks</source>
            <translation>aucune mesure</translation>
        </message>
        <message numerus="yes">
            <source>{count} notes of exercises, breaks or calibration</source>
            <translation>
                <numerusform>{count} note sur les exercices, les pauses ou l’étalonnage</numerusform>
                <numerusform>{count} notes sur les exercices, les pauses ou l’étalonnage</numerusform>
            </translation>
        </message>
        <message>
            <source>{first} and {last}</source>
            <translation>{first} et {last}</translation>
        </message>
        <message>
            <source>Nothing was deleted.</source>
            <translation>Rien n’a été supprimé.</translation>
        </message>
        <message>
            <source>{count} written to {path}</source>
            <translation>Écrit dans {path} : {count}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}.</source>
            <translation>Ajouté : {added}, déjà là : {duplicates}, {profiles}.</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}</source>
            <translation>Exercices, pauses, autotests, réponses et étalonnages ajoutés : {count}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}, {tests}.</source>
            <translation>Ajouté : {added}, déjà là : {duplicates}, {profiles}, {tests}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.speaking</name>
        <message>
            <source>Some words of this language are missing, so they are in English.</source>
            <translation>Certains textes manquent dans cette langue ; ils sont donc en anglais.</translation>
        </message>
        <message>
            <source>Something is still under way on another page, so the language changes when Beltline is opened again.</source>
            <translation>Quelque chose est encore en cours sur une autre page ; la langue changera donc à la prochaine ouverture de Beltline.</translation>
        </message>
        <message>
            <source>There is no language '{language}'. Choose one of these: {known}.</source>
            <translation>Il n’y a pas de langue « {language} ». Choisissez parmi celles-ci : {known}.</translation>
        </message>
        <message>
            <source>The file of this language is damaged, so everything is in English.</source>
            <translation>Le fichier de cette langue est endommagé ; tout est donc en anglais.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.wording</name>
        <message>
            <source>Jan</source>
            <translation>janv.</translation>
        </message>
        <message>
            <source>Feb</source>
            <translation>févr.</translation>
        </message>
        <message>
            <source>Mar</source>
            <translation>mars</translation>
        </message>
        <message>
            <source>Apr</source>
            <translation>avr.</translation>
        </message>
        <message>
            <source>May</source>
            <translation>mai</translation>
        </message>
        <message>
            <source>Jun</source>
            <translation>juin</translation>
        </message>
        <message>
            <source>Jul</source>
            <translation>juil.</translation>
        </message>
        <message>
            <source>Aug</source>
            <translation>août</translation>
        </message>
        <message>
            <source>Sep</source>
            <translation>sept.</translation>
        </message>
        <message>
            <source>Oct</source>
            <translation>oct.</translation>
        </message>
        <message>
            <source>Nov</source>
            <translation>nov.</translation>
        </message>
        <message>
            <source>Dec</source>
            <translation>déc.</translation>
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
            <translation>Entrez dans l’image</translation>
        </message>
        <message>
            <source>Please step into the picture, side-on. March five steps on the spot, then stand relaxed, look ahead, and breathe out.</source>
            <translation>Entrez dans l’image, de profil. Faites cinq pas sur place, puis relâchez-vous, regardez devant vous, et expirez.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>Une seule personne</translation>
        </message>
        <message>
            <source>Only one person in the picture, please.</source>
            <translation>Une seule personne dans l’image, s’il vous plaît.</translation>
        </message>
        <message>
            <source>Step back</source>
            <translation>Reculez</translation>
        </message>
        <message>
            <source>Please step back until your whole body is in the picture.</source>
            <translation>Reculez jusqu’à ce que tout votre corps soit dans l’image.</translation>
        </message>
        <message>
            <source>Come closer</source>
            <translation>Approchez-vous</translation>
        </message>
        <message>
            <source>Please come a little closer to the camera.</source>
            <translation>Approchez-vous un peu de la caméra.</translation>
        </message>
        <message>
            <source>Choose a higher resolution</source>
            <translation>Augmentez la résolution</translation>
        </message>
        <message>
            <source>The picture has too few pixels. Please choose a higher resolution.</source>
            <translation>L’image a trop peu de pixels. Choisissez une résolution plus élevée.</translation>
        </message>
        <message>
            <source>Move to the middle</source>
            <translation>Allez au milieu</translation>
        </message>
        <message>
            <source>Please move to the middle of the picture.</source>
            <translation>Placez-vous au milieu de l’image.</translation>
        </message>
        <message>
            <source>Straighten your knees</source>
            <translation>Tendez les genoux</translation>
        </message>
        <message>
            <source>Please stand relaxed, with both knees straight.</source>
            <translation>Tenez-vous sans forcer, les deux genoux tendus.</translation>
        </message>
        <message>
            <source>Feet side by side</source>
            <translation>Pieds côte à côte</translation>
        </message>
        <message>
            <source>Please stand with both feet side by side on the floor.</source>
            <translation>Posez les deux pieds côte à côte au sol.</translation>
        </message>
        <message>
            <source>Turn side-on</source>
            <translation>Mettez-vous de profil</translation>
        </message>
        <message>
            <source>Please turn until one shoulder points at the camera.</source>
            <translation>Tournez-vous jusqu’à ce qu’une épaule pointe vers la caméra.</translation>
        </message>
        <message>
            <source>Turn to your left</source>
            <translation>Tournez vers la gauche</translation>
        </message>
        <message>
            <source>Please turn a little more to your left.</source>
            <translation>Tournez-vous un peu plus vers votre gauche.</translation>
        </message>
        <message>
            <source>Turn to your right</source>
            <translation>Tournez vers la droite</translation>
        </message>
        <message>
            <source>Please turn a little more to your right.</source>
            <translation>Tournez-vous un peu plus vers votre droite.</translation>
        </message>
        <message>
            <source>Fists to your collar-bones</source>
            <translation>Poings sur les clavicules</translation>
        </message>
        <message>
            <source>Please raise your fists to your collar-bones.</source>
            <translation>Levez les poings jusqu’aux clavicules.</translation>
        </message>
        <message>
            <source>Set the camera level</source>
            <translation>Redressez la caméra</translation>
        </message>
        <message>
            <source>The camera is tilted. Please set it level.</source>
            <translation>La caméra est inclinée. Mettez-la bien droite.</translation>
        </message>
        <message>
            <source>Turn the camera upright</source>
            <translation>Mettez la caméra debout</translation>
        </message>
        <message>
            <source>The picture lies on its side. Please turn the camera upright.</source>
            <translation>L’image est couchée sur le côté. Remettez la caméra debout.</translation>
        </message>
        <message>
            <source>More light, please</source>
            <translation>Plus de lumière</translation>
        </message>
        <message>
            <source>It is too dark. Please turn on more light.</source>
            <translation>Il fait trop sombre. Ajoutez de la lumière, s’il vous plaît.</translation>
        </message>
        <message>
            <source>Keep the camera steady</source>
            <translation>Stabilisez la caméra</translation>
        </message>
        <message>
            <source>The picture is blurred. Please rest the camera on something firm.</source>
            <translation>L’image est floue. Posez la caméra sur un support stable.</translation>
        </message>
        <message>
            <source>Stand relaxed and still</source>
            <translation>Relâchez-vous, ne bougez plus</translation>
        </message>
        <message>
            <source>Stand relaxed and still. Look ahead, and breathe out.</source>
            <translation>Relâchez-vous et ne bougez plus. Regardez devant vous, et expirez.</translation>
        </message>
        <message>
            <source>Hold still</source>
            <translation>Ne bougez plus</translation>
        </message>
        <message>
            <source>Hold still.</source>
            <translation>Ne bougez plus.</translation>
        </message>
        <message>
            <source>March five steps</source>
            <translation>Faites cinq pas</translation>
        </message>
        <message>
            <source>Good. Step away, march five steps, and come back. Stand relaxed, look ahead, and breathe out.</source>
            <translation>Bien. Éloignez-vous, faites cinq pas, et revenez. Relâchez-vous, regardez devant vous, et expirez.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>Relâchez</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>Relâchez.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks</source>
            <translation>Contractez les fessiers</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>Contractez.</translation>
        </message>
        <message>
            <source>Arch: stick your bottom out</source>
            <translation>Cambrez : sortez les fesses</translation>
        </message>
        <message>
            <source>Arch. Stick your bottom out behind you, knees straight, and hold it.</source>
            <translation>Cambrez. Sortez les fesses vers l’arrière, genoux tendus, et tenez.</translation>
        </message>
        <message>
            <source>Tuck: pull your bottom under</source>
            <translation>Rentrez : fesses sous vous</translation>
        </message>
        <message>
            <source>Tuck. Pull your bottom under you, knees straight, and hold it.</source>
            <translation>Rentrez le bassin. Ramenez les fesses sous vous, genoux tendus, et tenez.</translation>
        </message>
        <message>
            <source>Relax: stand as usual</source>
            <translation>Relâchez : comme d’habitude</translation>
        </message>
        <message>
            <source>Relax. Stand as you usually do.</source>
            <translation>Relâchez. Tenez-vous comme d’habitude.</translation>
        </message>
        <message>
            <source>Other way: bottom out</source>
            <translation>Autre sens : sortez les fesses</translation>
        </message>
        <message>
            <source>That was the wrong way round. Once more: stick your bottom out behind you, and hold it.</source>
            <translation>C’était dans l’autre sens. Encore une fois : sortez les fesses vers l’arrière, et tenez.</translation>
        </message>
        <message>
            <source>Further: stick your bottom out</source>
            <translation>Plus loin : sortez les fesses</translation>
        </message>
        <message>
            <source>The pelvis hardly moved. Once more: stick your bottom out as far as is comfortable, and hold it.</source>
            <translation>Le bassin a à peine bougé. Encore une fois : sortez les fesses aussi loin que cela reste confortable, et tenez.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>Done. Thank you.</source>
            <translation>C’est fini. Merci.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>L’image est noire</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>L’image de la caméra est noire. Y a-t-il quelque chose devant ?</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>L’image est figée</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>L’image de la caméra ne bouge plus.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>Pas d’image</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>La caméra n’envoie pas d’image. Veuillez patienter.</translation>
        </message>
        <message>
            <source>Good, stay still</source>
            <translation>Bien, ne bougez pas</translation>
        </message>
        <message>
            <source>Good. Stay still.</source>
            <translation>Bien. Ne bougez pas.</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>Recherche en cours</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>Pas encore</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>C’est prêt</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Mesure en cours</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>Mesuré</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>En attente de la caméra</translation>
        </message>
        <message>
            <source>This computer has no safe place for the password, so the camera will ask for it again next time.</source>
            <translation>Cet ordinateur n’a pas d’endroit sûr pour le mot de passe ; la caméra le redemandera donc la prochaine fois.</translation>
        </message>
        <message>
            <source>Measure without touching the computer</source>
            <translation>Mesurer sans toucher l’ordinateur</translation>
        </message>
        <message>
            <source>Put the camera at the height of your belt, level, 2.5 to 3.5 metres from where you will stand.</source>
            <translation>Placez la caméra à hauteur de ceinture, bien droite, à une distance de 2,5 à 3,5 mètres de l’endroit où vous vous tiendrez.</translation>
        </message>
        <message>
            <source>Wear something that fits closely. Stand side-on with your whole body in the picture and your fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>Portez des vêtements près du corps. Placez-vous de profil, le corps entier dans l’image, les poings sur les clavicules. Faites cinq pas sur place, relâchez-vous, regardez devant vous, expirez.</translation>
        </message>
        <message>
            <source>Large words and a voice tell you what to do. Beltline measures when you stand still. Raise one arm high, or press any key, to stop.</source>
            <translation>De grands mots et une voix vous disent quoi faire. Beltline mesure quand vous ne bougez plus. Pour arrêter, levez haut un bras ou appuyez sur une touche.</translation>
        </message>
        <message>
            <source>The camera is on only while this page is open. Its pictures stay on this computer.</source>
            <translation>La caméra n’est allumée que tant que cette page est ouverte. Ses images restent sur cet ordinateur.</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>Recherche de la caméra…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>Ouverture de la caméra…</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>En pause. La caméra est éteinte.</translation>
        </message>
        <message>
            <source>You were on another page, so the camera was switched off.</source>
            <translation>Vous étiez sur une autre page, la caméra a donc été éteinte.</translation>
        </message>
        <message>
            <source>The screen was locked, so the camera was switched off.</source>
            <translation>L’écran était verrouillé, la caméra a donc été éteinte.</translation>
        </message>
        <message>
            <source>Stopped. Nothing was measured, and the camera is off.</source>
            <translation>Arrêté. Rien n’a été mesuré, et la caméra est éteinte.</translation>
        </message>
        <message>
            <source>Stopped before the test was complete. The camera is off.</source>
            <translation>Arrêté avant la fin du test. La caméra est éteinte.</translation>
        </message>
        <message>
            <source>Measured so far: {taken} of {wanted}. Keep it as a check?</source>
            <translation>Mesuré jusqu’ici : {taken} sur {wanted}. Garder comme mesure ?</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures.</source>
            <translation>Une erreur de Beltline s’est produite avec les images de la caméra.</translation>
        </message>
        <message>
            <source>Try again, and please report what happened.</source>
            <translation>Réessayez, et signalez ce qui s’est passé.</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>Start again</source>
            <translation>Recommencer</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Enregistrement…</translation>
        </message>
        <message>
            <source>Saved to the history.</source>
            <translation>Enregistré dans l’historique.</translation>
        </message>
        <message>
            <source>Deleted this check.</source>
            <translation>Cette mesure est supprimée.</translation>
        </message>
        <message>
            <source>Deleted this test.</source>
            <translation>Ce test est supprimé.</translation>
        </message>
        <message>
            <source>Nothing was saved.</source>
            <translation>Rien n’a été enregistré.</translation>
        </message>
        <message>
            <source>Not kept.</source>
            <translation>Non gardé.</translation>
        </message>
        <message>
            <source>This could not be saved.</source>
            <translation>L’enregistrement a échoué.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>Réessayez ; si cela échoue encore, fermez Beltline et rouvrez-le.</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>Bascule estimée du bassin</translation>
        </message>
        <message>
            <source>{taken} of {wanted}</source>
            <translation>{taken} sur {wanted}</translation>
        </message>
        <message>
            <source>The middle of {count} measurements, {range} apart: {angles}.</source>
            <translation>La valeur centrale de {count} mesures, écart : {range} ; {angles}.</translation>
        </message>
        <message>
            <source>The middle of {frames} pictures.</source>
            <translation>La valeur centrale de {frames} images.</translation>
        </message>
        <message numerus="yes">
            <source>{count} degrees</source>
            <translation>
                <numerusform>{count} degré</numerusform>
                <numerusform>{count} degrés</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Measure {count} times</source>
            <translation>
                <numerusform>Mesurer une fois</numerusform>
                <numerusform>Mesurer {count} fois</numerusform>
            </translation>
        </message>
        <message>
            <source>under 1°</source>
            <translation>moins de 1°</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>Une par une : {angles}.</translation>
        </message>
        <message>
            <source>No number this time</source>
            <translation>Pas de chiffre cette fois</translation>
        </message>
        <message>
            <source>Done. About {value}, {likely}. You can relax.</source>
            <translation>C’est fini. Environ {value}, {likely}. Vous pouvez vous relâcher.</translation>
        </message>
        <message>
            <source>Done. {turned}. You can relax.</source>
            <translation>C’est fini. {turned}. Vous pouvez vous relâcher.</translation>
        </message>
        <message>
            <source>Done. The measurements differ too much to give one number. Please try again.</source>
            <translation>C’est fini. Les mesures diffèrent trop pour donner un chiffre. Veuillez réessayer.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Arrêté.</translation>
        </message>
        <message>
            <source>Stopped. Measured so far: {taken}.</source>
            <translation>Arrêté. Mesuré jusqu’ici : {taken}.</translation>
        </message>
        <message>
            <source>Your whole body in the frame, your hips at its two marks.</source>
            <translation>Tout le corps dans le cadre, les hanches à hauteur de ses deux repères.</translation>
        </message>
        <message>
            <source>Earlier squeeze tests:</source>
            <translation>Tests de contraction précédents :</translation>
        </message>
        <message>
            <source>This computer has no voice. Beltline plays tones instead.</source>
            <translation>Cet ordinateur n’a pas de voix. Beltline émet des sons à la place.</translation>
        </message>
        <message>
            <source>The camera is level.</source>
            <translation>La caméra est droite.</translation>
        </message>
        <message>
            <source>The camera is turned {roll}° {side}. The number allows for that.</source>
            <translation>La caméra est tournée de {roll}° {side}. Le chiffre en tient compte.</translation>
        </message>
        <message>
            <source>No upright edges seen, so the camera is taken to be level.</source>
            <translation>Aucune arête verticale visible, la caméra est donc supposée droite.</translation>
        </message>
        <message>
            <source>Whether the camera is level shows once you are in the picture.</source>
            <translation>On verra si la caméra est droite une fois que vous serez dans l’image.</translation>
        </message>
        <message>
            <source>clockwise</source>
            <translation>dans le sens horaire</translation>
        </message>
        <message>
            <source>anticlockwise</source>
            <translation>dans le sens antihoraire</translation>
        </message>
        <message>
            <source>At belt height, 2.5 to 3.5 metres away.</source>
            <translation>À hauteur de ceinture, à une distance de 2,5 à 3,5 mètres.</translation>
        </message>
        <message>
            <source>Light from the front or the side.</source>
            <translation>Lumière de face ou de côté.</translation>
        </message>
    </context>
    <context>
        <name>app.text.measurement</name>
        <message>
            <source>from the outline of the body</source>
            <translation>d’après le contour du corps</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>d’après le contour du corps, avec l’étalonnage propre à cette personne</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>d’après les deux pointes osseuses marquées</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>d’après les deux pastilles</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>d’après la ligne de ceinture</translation>
        </message>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>Beltline sert à s’observer soi-même, pour le bien-être. Ce n’est pas un dispositif médical : pour un diagnostic, consultez un kinésithérapeute.</translation>
        </message>
        <message>
            <source>The likely range was checked on computer-made bodies, which does not prove it for people.</source>
            <translation>La plage probable a été vérifiée sur des corps créés par ordinateur, ce qui ne prouve pas qu’elle vaut pour de vraies personnes.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photograph shows the shape of the bones; changes show much more clearly, and calibrating once narrows it.</source>
            <translation>La plage probable est large, car aucune photo ne montre la forme des os ; les changements se voient bien plus nettement, et un étalonnage suffit à la resserrer.</translation>
        </message>
        <message>
            <source>Measured {method}.</source>
            <translation>Mesuré {method}.</translation>
        </message>
        <message>
            <source>up to {angle}°</source>
            <translation>jusqu’à {angle}°</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>moins de 1°</translation>
        </message>
        <message>
            <source>Also, {method}: {found}.</source>
            <translation>De plus, {method} : {found}.</translation>
        </message>
        <message>
            <source>The two ways can differ, so compare each only with its own earlier results.</source>
            <translation>Les deux méthodes peuvent différer ; ne comparez donc chacune qu’avec ses propres résultats antérieurs.</translation>
        </message>
        <message>
            <source>Belt line lower in front by {angle}° (likely {interval})</source>
            <translation>Ligne de ceinture plus basse à l’avant de {angle}° (probablement {interval})</translation>
        </message>
        <message>
            <source>Belt line higher in front by {angle}° (likely {interval})</source>
            <translation>Ligne de ceinture plus haute à l’avant de {angle}° (probablement {interval})</translation>
        </message>
        <message>
            <source>Belt line level (likely {interval})</source>
            <translation>Ligne de ceinture horizontale (probablement {interval})</translation>
        </message>
        <message>
            <source>Clothes and belly shift the belt line too, so compare it only in the same clothes.</source>
            <translation>Les vêtements et le ventre décalent aussi la ligne de ceinture ; ne la comparez donc que dans les mêmes vêtements.</translation>
        </message>
        <message>
            <source>The belt line cannot be seen:</source>
            <translation>La ligne de ceinture n’est pas visible :</translation>
        </message>
        <message>
            <source>the outline around the waist is unclear.</source>
            <translation>le contour autour de la taille n’est pas net.</translation>
        </message>
        <message>
            <source>an arm is in front of it.</source>
            <translation>un bras est devant elle.</translation>
        </message>
        <message>
            <source>the clothes are of one colour from top to bottom.</source>
            <translation>les vêtements sont d’une seule couleur de haut en bas.</translation>
        </message>
        <message>
            <source>the pattern of the clothes hides it.</source>
            <translation>le motif des vêtements la cache.</translation>
        </message>
        <message>
            <source>the top hangs over it.</source>
            <translation>le vêtement du haut la recouvre.</translation>
        </message>
        <message>
            <source>what shows may just as well be the lower edge of the top.</source>
            <translation>ce que l’on voit peut tout aussi bien être le bord inférieur du vêtement du haut.</translation>
        </message>
        <message>
            <source>Estimated {direction} tilt {angle}° (likely {interval})</source>
            <translation>Bascule estimée : {angle}° {direction} (probablement {interval})</translation>
        </message>
        <message>
            <source>Estimated tilt 0°, level (likely {interval})</source>
            <translation>Bascule estimée : 0°, horizontal (probablement {interval})</translation>
        </message>
        <message>
            <source>No number: this photograph cannot be measured.</source>
            <translation>Pas de chiffre : cette photo ne peut pas être mesurée.</translation>
        </message>
        <message>
            <source>No number: nothing could be measured.</source>
            <translation>Pas de chiffre : rien n’a pu être mesuré.</translation>
        </message>
        <message>
            <source>The rest of the body (not part of the tilt):</source>
            <translation>Le reste du corps (ne fait pas partie de la bascule) :</translation>
        </message>
        <message>
            <source>Upper body</source>
            <translation>Haut du corps</translation>
        </message>
        <message>
            <source>Hips</source>
            <translation>Hanches</translation>
        </message>
        <message>
            <source>Knees</source>
            <translation>Genoux</translation>
        </message>
        <message>
            <source>Head</source>
            <translation>Tête</translation>
        </message>
        <message>
            <source>not visible</source>
            <translation>non visible</translation>
        </message>
        <message>
            <source>leaning forward {value}°</source>
            <translation>penché vers l’avant de {value}°</translation>
        </message>
        <message>
            <source>leaning back {value}°</source>
            <translation>penché vers l’arrière de {value}°</translation>
        </message>
        <message>
            <source>upright</source>
            <translation>droit</translation>
        </message>
        <message>
            <source>ahead of the ankles, by {value} % of the leg's length</source>
            <translation>en avant des chevilles, de {value} % de la longueur de la jambe</translation>
        </message>
        <message>
            <source>behind the ankles, by {value} % of the leg's length</source>
            <translation>en arrière des chevilles, de {value} % de la longueur de la jambe</translation>
        </message>
        <message>
            <source>right above the ankles</source>
            <translation>à l’aplomb des chevilles</translation>
        </message>
        <message>
            <source>{value}° (straight)</source>
            <translation>{value}° (tendus)</translation>
        </message>
        <message>
            <source>{value}° (bent)</source>
            <translation>{value}° (pliés)</translation>
        </message>
        <message>
            <source>{value}° (pushed back beyond straight)</source>
            <translation>{value}° (poussés en arrière, au-delà de la ligne droite)</translation>
        </message>
        <message>
            <source>{value}° ahead of the shoulders</source>
            <translation>{value}° en avant des épaules</translation>
        </message>
        <message>
            <source>{value}° behind the shoulders</source>
            <translation>{value}° en arrière des épaules</translation>
        </message>
        <message>
            <source>right above the shoulders</source>
            <translation>à l’aplomb des épaules</translation>
        </message>
        <message>
            <source>The hips are ahead of the ankles while the upper body leans back. This way of standing is called sway-back; it is told apart from the tilt because it can look like less of it.</source>
            <translation>Les hanches sont en avant des chevilles tandis que le haut du corps penche vers l’arrière. Cette façon de se tenir s’appelle sway-back ; on la distingue de la bascule, car elle peut la faire paraître plus faible.</translation>
        </message>
        <message>
            <source>Kept in the history as check {number}.</source>
            <translation>Gardé dans l’historique comme mesure {number}.</translation>
        </message>
        <message>
            <source>Picture with the measurement drawn on it: {path}</source>
            <translation>Image avec la mesure dessinée dessus : {path}</translation>
        </message>
        <message>
            <source>All together, as repeats of one stance</source>
            <translation>Toutes ensemble, comme répétitions d’une même position debout</translation>
        </message>
        <message>
            <source>The middle of {count} photographs{left_out}, measured {method}. Their angles lie {range} apart, with a spread of {spread} (standard deviation).</source>
            <translation>La valeur centrale de {count} photos{left_out}, mesurées {method}. Écart entre leurs angles : {range} ; dispersion : {spread} (écart type).</translation>
        </message>
        <message>
            <source> (of {given} that were given)</source>
            <translation> (sur {given} fournies)</translation>
        </message>
        <message>
            <source>The likely range does not become much narrower than that of one photograph: measuring can misjudge the same body in the same direction each time, and more pictures do not cure that.</source>
            <translation>La plage probable ne devient pas beaucoup plus étroite que celle d’une seule photo : la mesure peut se tromper chaque fois dans le même sens pour un même corps, et davantage d’images n’y changent rien.</translation>
        </message>
        <message>
            <source>No number for these photographs together.</source>
            <translation>Pas de chiffre pour l’ensemble de ces photos.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further forward than the middle. If something was different in it, take it again.</source>
            <translation>{source} se démarque : {off}° de plus vers l’avant que la valeur centrale. Si quelque chose y était différent, refaites cette photo.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further backward than the middle. If something was different in it, take it again.</source>
            <translation>{source} se démarque : {off}° de plus vers l’arrière que la valeur centrale. Si quelque chose y était différent, refaites cette photo.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much your own photographs differ, and from how much a standing pelvis differs from day to day.</source>
            <translation>Plus petit changement qui compte : {change}°. Entre deux séries de ce type, prises de la même façon, un écart moindre n’est pas un vrai changement. Cette limite vient de la variation entre vos propres photos, et de celle d’un bassin debout d’un jour à l’autre.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much measuring the same body twice differs, and from how much a standing pelvis differs from day to day. With {enough} photographs or more it is worked out from your own.</source>
            <translation>Plus petit changement qui compte : {change}°. Entre deux séries de ce type, prises de la même façon, un écart moindre n’est pas un vrai changement. Cette limite vient de l’écart entre deux mesures d’un même corps, et de la variation d’un bassin debout d’un jour à l’autre. À partir de {enough} photos, elle est calculée d’après les vôtres.</translation>
        </message>
        <message>
            <source>Forward tilt means that the front of the pelvis, the bowl of bone between the hips, sits lower than the back.</source>
            <translation>« Bascule vers l’avant » signifie que l’avant du bassin, la cuvette osseuse entre les hanches, est plus bas que l’arrière.</translation>
        </message>
        <message>
            <source>Most people without pain stand tilted forward, usually by about 3 to 20°, so one number does not tell good from bad.</source>
            <translation>La plupart des personnes sans douleur se tiennent le bassin basculé vers l’avant, en général d’environ 3 à 20° ; un chiffre seul ne dit donc pas ce qui est bon ou mauvais.</translation>
        </message>
        <message>
            <source>Compare it with your own earlier pictures, taken the same way and measured the same way; two single pictures less than {smallest}° apart show no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>Comparez-le avec vos propres images antérieures, prises et mesurées de la même façon ; entre deux images isolées, un écart de moins de {smallest}° n’indique pas de vrai changement : mesurer deux fois et se tenir debout un autre jour peuvent en donner autant.</translation>
        </message>
        <message>
            <source>Upright lines in the room show that the camera was turned by {roll}°; that is taken out.</source>
            <translation>Les lignes verticales de la pièce montrent que l’appareil était tourné de {roll}° ; le calcul en tient compte.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. If a door frame or the edge of a wall is in the picture, give two points on it with --vertical X1 Y1 X2 Y2.</source>
            <translation>Si l’appareil était incliné, l’angle est faux d’autant. S’il y a un cadre de porte ou l’arête d’un mur dans l’image, donnez deux de ses points avec --vertical X1 Y1 X2 Y2.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>Une erreur de Beltline s’est produite avec cette photo.</translation>
        </message>
        <message>
            <source>Please report it together with the text on standard error.</source>
            <translation>Signalez-le avec le texte affiché sur la sortie d’erreur standard.</translation>
        </message>
        <message>
            <source>Beltline itself failed to draw the overlay.</source>
            <translation>Une erreur de Beltline a empêché de dessiner la mesure sur l’image.</translation>
        </message>
        <message>
            <source>Beltline itself failed to read the calibration, so none was used.</source>
            <translation>Une erreur de Beltline a empêché de lire l’étalonnage ; aucun n’a donc été utilisé.</translation>
        </message>
        <message>
            <source>Beltline itself failed to keep it in the history.</source>
            <translation>Une erreur de Beltline a empêché de le garder dans l’historique.</translation>
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
            <translation>naissance : {year}</translation>
        </message>
        <message>
            <source>last seen {day}</source>
            <translation>dernière visite : {day}</translation>
        </message>
        <message>
            <source>not seen yet</source>
            <translation>pas encore de visite</translation>
        </message>
        <message>
            <source>next check {day}</source>
            <translation>prochaine mesure : {day}</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>à faire depuis le {day}</translation>
        </message>
        <message>
            <source>Nobody fits.</source>
            <translation>Personne ne correspond.</translation>
        </message>
        <message>
            <source>{name}: the next check was planned for {day}.</source>
            <translation>{name} : la prochaine mesure était prévue le {day}.</translation>
        </message>
        <message numerus="yes">
            <source>{count} more people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>{count} autre personne attend sa mesure. La liste est dans les Réglages.</numerusform>
                <numerusform>{count} autres personnes attendent leur mesure. La liste est dans les Réglages.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>{count} personne attend sa mesure. La liste est dans les Réglages.</numerusform>
                <numerusform>{count} personnes attendent leur mesure. La liste est dans les Réglages.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {count} weeks</source>
            <translation>
                <numerusform>Dans {count} semaine</numerusform>
                <numerusform>Dans {count} semaines</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.range_test</name>
        <message>
            <source>Range test</source>
            <translation>Test de mobilité</translation>
        </message>
        <message>
            <source>Range tests</source>
            <translation>Tests de mobilité</translation>
        </message>
        <message>
            <source>Result of the range test</source>
            <translation>Résultat du test de mobilité</translation>
        </message>
        <message>
            <source>Earlier range tests:</source>
            <translation>Tests de mobilité précédents :</translation>
        </message>
        <message>
            <source>Tucked</source>
            <translation>Rentré</translation>
        </message>
        <message>
            <source>Relaxed</source>
            <translation>Relâché</translation>
        </message>
        <message>
            <source>Arched</source>
            <translation>Cambré</translation>
        </message>
        <message>
            <source>Your bottom tucked under, as far as is comfortable.</source>
            <translation>Les fesses ramenées sous vous, aussi loin que cela reste confortable.</translation>
        </message>
        <message>
            <source>Standing as you usually do.</source>
            <translation>Debout comme d’habitude.</translation>
        </message>
        <message>
            <source>Your bottom stuck out, as far as is comfortable.</source>
            <translation>Les fesses sorties, aussi loin que cela reste confortable.</translation>
        </message>
        <message>
            <source>Your pelvis can turn by {range}° (likely {low} to {high}°)</source>
            <translation>Votre bassin peut bouger de {range}° (probablement {low} à {high}°)</translation>
        </message>
        <message>
            <source>Standing relaxed, it is {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>En position relâchée, il est à {place} % du chemin entre rentré et cambré (probablement {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further back than when you tucked: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>En position relâchée, il basculait encore plus vers l’arrière qu’en position rentrée : {place} % du chemin entre rentré et cambré (probablement {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further forward than when you arched: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>En position relâchée, il basculait encore plus vers l’avant qu’en position cambrée : {place} % du chemin entre rentré et cambré (probablement {interval})</translation>
        </message>
        <message>
            <source>Tucked: {tucked}. Relaxed: {relaxed}. Arched: {arched}.</source>
            <translation>Rentré : {tucked}. Relâché : {relaxed}. Cambré : {arched}.</translation>
        </message>
        <message>
            <source>Middle of {count} rounds.</source>
            <translation>Valeur centrale de {count} tours.</translation>
        </message>
        <message>
            <source>0 % is as far tucked as you went, 100 % as far arched. Both numbers are surer than one angle by itself: the shape of your bones, which no camera sees, does not change them.</source>
            <translation>0 % est votre position la plus rentrée, 100 % la plus cambrée. Ces deux chiffres sont plus sûrs qu’un angle seul : la forme de vos os, qu’aucune caméra ne voit, ne les change pas.</translation>
        </message>
        <message>
            <source>No place is the right one, and this is no test of strength or health. Compare it with your own later tests, in similar clothes. If something troubles you, ask a physiotherapist.</source>
            <translation>Il n’y a pas de bonne position, et ce n’est pas un test de force ou de santé. Comparez-le avec vos propres tests suivants, dans des vêtements semblables. Si quelque chose vous gêne, parlez-en à un kinésithérapeute.</translation>
        </message>
        <message>
            <source>How far you could turn your pelvis, and where you stood in between: 0 % is as far tucked as you went, 100 % as far arched. No place is the right one.</source>
            <translation>Jusqu’où vous pouviez basculer le bassin, et où il se plaçait entre les deux : 0 % est votre position la plus rentrée, 100 % la plus cambrée. Il n’y a pas de bonne position.</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high}), relaxed at {place} % ({interval})</source>
            <translation>{range}° ({low} à {high}), relâché à {place} % ({interval})</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high})</source>
            <translation>{range}° ({low} à {high})</translation>
        </message>
        <message>
            <source>{place} % ({interval})</source>
            <translation>{place} % ({interval})</translation>
        </message>
        <message>
            <source>Done. Your pelvis can turn by {range} degrees. Relaxed, it is at {place} per cent.</source>
            <translation>C’est fini. Votre bassin peut bouger de {range} degrés. Relâché, il se place à {place} pour cent.</translation>
        </message>
        <message>
            <source>Done. {message} {fix}</source>
            <translation>C’est fini. {message} {fix}</translation>
        </message>
        <message>
            <source>No range this time</source>
            <translation>Pas d’amplitude cette fois</translation>
        </message>
        <message>
            <source>Newest, {when}: {brief}</source>
            <translation>Le plus récent, {when} : {brief}</translation>
        </message>
        <message>
            <source>Range tests ({count})</source>
            <translation>Tests de mobilité ({count})</translation>
        </message>
        <message>
            <source>{low} to {high} %</source>
            <translation>{low} à {high} %</translation>
        </message>
        <message numerus="yes">
            <source>{count} range tests</source>
            <translation>
                <numerusform>{count} test de mobilité</numerusform>
                <numerusform>{count} tests de mobilité</numerusform>
            </translation>
        </message>
        <message>
            <source>Newest range test, {when}: the pelvis turned by {range}° (likely {low} to {high}°) between tucked and arched; relaxed standing lay at {place} % of the way (likely {interval}). The person's own range: the shape of the bones drops out of it. {change}</source>
            <translation>Test de mobilité le plus récent, {when} : le bassin a bougé de {range}° (probablement {low} à {high}°) entre rentré et cambré ; la position debout relâchée se situait à {place} % du chemin (probablement {interval}). C’est l’amplitude propre à la personne : la forme des os n’y intervient pas. {change}</translation>
        </message>
        <message>
            <source>Range test {number}: {brief}, {source}</source>
            <translation>Test de mobilité {number} : {brief}, {source}</translation>
        </message>
        <message>
            <source>{profile}, range tests measured {method}: {count}</source>
            <translation>{profile}, tests de mobilité, mesure {method} : {count}</translation>
        </message>
        <message>
            <source>in front of a camera</source>
            <translation>devant une caméra</translation>
        </message>
        <message>
            <source>from photographs</source>
            <translation>à partir de photos</translation>
        </message>
        <message>
            <source>Since the first one measured this way, {when}: {range} {place}</source>
            <translation>Depuis le premier test mesuré ainsi, {when} : {range} {place}</translation>
        </message>
        <message>
            <source>The range is {size}° wider.</source>
            <translation>L’amplitude a augmenté de {size}°.</translation>
        </message>
        <message>
            <source>The range is {size}° narrower.</source>
            <translation>L’amplitude a diminué de {size}°.</translation>
        </message>
        <message>
            <source>No real change of the range (under {least}°).</source>
            <translation>Pas de vrai changement de l’amplitude (moins de {least}°).</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards arched.</source>
            <translation>La position relâchée s’est déplacée de {size} % vers la position cambrée.</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards tucked.</source>
            <translation>La position relâchée s’est déplacée de {size} % vers la position rentrée.</translation>
        </message>
        <message>
            <source>No real change of the place in it (under {least} %).</source>
            <translation>Pas de vrai changement de la position relâchée (moins de {least} %).</translation>
        </message>
        <message>
            <source>From three photographs</source>
            <translation>À partir de trois photos</translation>
        </message>
        <message>
            <source>Choose one side-on picture of each position: same day, same clothes, fists on your collar-bones, camera level at belt height.</source>
            <translation>Choisissez une image de profil de chaque position : même jour, mêmes vêtements, poings sur les clavicules, appareil droit, à hauteur de ceinture.</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Choisir…</translation>
        </message>
        <message>
            <source>no picture yet</source>
            <translation>pas encore d’image</translation>
        </message>
        <message>
            <source>Work it out</source>
            <translation>Calculer</translation>
        </message>
        <message>
            <source>Measuring the three pictures…</source>
            <translation>Mesure des trois images en cours…</translation>
        </message>
        <message>
            <source>Beltline itself failed on these pictures. Please report what happened.</source>
            <translation>Une erreur de Beltline s’est produite avec ces images. Signalez ce qui s’est passé.</translation>
        </message>
        <message>
            <source>Kept in the history as range test {number}.</source>
            <translation>Gardé dans l’historique comme test de mobilité {number}.</translation>
        </message>
        <message>
            <source>Where you stand relaxed between tucked and arched</source>
            <translation>Où se place la position relâchée entre rentré et cambré</translation>
        </message>
    </context>
    <context>
        <name>app.text.report</name>
        <message>
            <source>Forward tilt of the pelvis, seen from the side</source>
            <translation>Bascule du bassin vers l’avant, vue de profil</translation>
        </message>
        <message>
            <source>Angle of the belt line, seen from the side</source>
            <translation>Angle de la ligne de ceinture, vu de profil</translation>
        </message>
        <message>
            <source>{title}: {name}</source>
            <translation>{title} : {name}</translation>
        </message>
        <message>
            <source>One check, of {day}</source>
            <translation>Une mesure, du {day}</translation>
        </message>
        <message>
            <source>{count} checks, all of {day}</source>
            <translation>{count} mesures, toutes du {day}</translation>
        </message>
        <message>
            <source>{count} checks, {first} to {last}</source>
            <translation>{count} mesures, du {first} au {last}</translation>
        </message>
        <message>
            <source>{count} checks, up to {last}</source>
            <translation>{count} mesures, jusqu’au {last}</translation>
        </message>
        <message>
            <source>ID {number}</source>
            <translation>ID {number}</translation>
        </message>
        <message>
            <source>born {year}</source>
            <translation>naissance : {year}</translation>
        </message>
        <message>
            <source>Newest check, {when}</source>
            <translation>Mesure la plus récente, {when}</translation>
        </message>
        <message>
            <source>{when}: {angle}, {method}</source>
            <translation>{when} : {angle}, {method}</translation>
        </message>
        <message>
            <source>Only the numbers of the newest check were kept, so there is no picture of it.</source>
            <translation>Seuls les chiffres de la mesure la plus récente ont été gardés ; il n’y en a donc pas d’image.</translation>
        </message>
        <message>
            <source>The picture of the newest check is no longer where it was kept.</source>
            <translation>L’image de la mesure la plus récente n’est plus à sa place.</translation>
        </message>
        <message>
            <source>The picture of the newest check is damaged and cannot be shown.</source>
            <translation>L’image de la mesure la plus récente est endommagée et ne peut pas être affichée.</translation>
        </message>
        <message>
            <source>The head could not be found in the picture of the newest check, so the picture is left out.</source>
            <translation>La tête n’a pas pu être trouvée sur l’image de la mesure la plus récente ; l’image est donc omise.</translation>
        </message>
        <message>
            <source>From {earlier} to {newest}: {change}</source>
            <translation>Du {earlier} au {newest} : {change}</translation>
        </message>
        <message>
            <source>Angle over time, {method}</source>
            <translation>Évolution de l’angle, {method}</translation>
        </message>
        <message>
            <source>degrees, forward above 0</source>
            <translation>degrés, vers l’avant au-dessus de 0</translation>
        </message>
        <message>
            <source>degrees, front lower above 0</source>
            <translation>degrés, avant plus bas au-dessus de 0</translation>
        </message>
        <message>
            <source>Each point is a check; its bar shows how far the next may differ by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>Chaque point est une mesure ; sa barre montre de combien la suivante peut différer par hasard. La plage probable d’un angle est plus large : elle inclut la forme des os, qui reste la même.</translation>
        </message>
        <message>
            <source>There are {count} checks: each point is the middle of about {each} in a row; its bar shows how far one check may differ from the next by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>Il y a {count} mesures : chaque point est la valeur centrale d’environ {each} mesures de suite ; sa barre montre de combien une mesure peut différer de la suivante par hasard. La plage probable d’un angle est plus large : elle inclut la forme des os, qui reste la même.</translation>
        </message>
        <message>
            <source>Shaded: 3 to 20° (middle 11°, dashed), the range in which most people without pain stand.</source>
            <translation>En grisé : 3 à 20° (milieu 11°, en tirets), la plage où se tiennent la plupart des personnes sans douleur.</translation>
        </message>
        <message>
            <source>There is no usual range for a belt line: the cut of the clothes shifts it.</source>
            <translation>Il n’y a pas de plage habituelle pour une ligne de ceinture : la coupe des vêtements la décale.</translation>
        </message>
        <message>
            <source>None of the checks was measured {method}, so there is no line over time.</source>
            <translation>Aucune des mesures n’a été faite {method} ; il n’y a donc pas de courbe dans le temps.</translation>
        </message>
        <message>
            <source>Checks, newest first</source>
            <translation>Mesures, la plus récente d’abord</translation>
        </message>
        <message>
            <source>The newest {shown} of {total} checks</source>
            <translation>Les {shown} plus récentes des {total} mesures</translation>
        </message>
        <message numerus="yes">
            <source>{count} older checks are not listed here.</source>
            <translation>
                <numerusform>{count} mesure plus ancienne n’est pas listée ici.</numerusform>
                <numerusform>{count} mesures plus anciennes ne sont pas listées ici.</numerusform>
            </translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Date</translation>
        </message>
        <message>
            <source>Angle (likely range)</source>
            <translation>Angle (plage probable)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>Méthode</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Vêtements</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Bras</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Note</translation>
        </message>
        <message>
            <source>front {angle}° lower ({interval})</source>
            <translation>avant {angle}° plus bas ({interval})</translation>
        </message>
        <message>
            <source>front {angle}° higher ({interval})</source>
            <translation>avant {angle}° plus haut ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0° horizontal ({interval})</translation>
        </message>
        <message>
            <source>body outline</source>
            <translation>contour du corps</translation>
        </message>
        <message>
            <source>calibrated outline</source>
            <translation>contour étalonné</translation>
        </message>
        <message>
            <source>marked points</source>
            <translation>points marqués</translation>
        </message>
        <message>
            <source>stickers</source>
            <translation>pastilles</translation>
        </message>
        <message>
            <source>belt line</source>
            <translation>ligne de ceinture</translation>
        </message>
        <message>
            <source>The rest of the body</source>
            <translation>Le reste du corps</translation>
        </message>
        <message>
            <source>From the check of {day}. These numbers are not part of the tilt.</source>
            <translation>D’après la mesure du {day}. Ces chiffres ne font pas partie de la bascule.</translation>
        </message>
        <message>
            <source>How the pictures were taken</source>
            <translation>Comment les photos ont été prises</translation>
        </message>
        <message>
            <source>How the picture was taken</source>
            <translation>Comment la photo a été prise</translation>
        </message>
        <message>
            <source>Side-on</source>
            <translation>De profil</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Appareil</translation>
        </message>
        <message>
            <source>Points</source>
            <translation>Points</translation>
        </message>
        <message>
            <source>Noticed</source>
            <translation>Remarques</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>non précisé</translation>
        </message>
        <message>
            <source>off by about {yaw}°</source>
            <translation>à environ {yaw}° du profil</translation>
        </message>
        <message>
            <source>assumed to be level</source>
            <translation>supposé droit</translation>
        </message>
        <message>
            <source>level, by a plumb line that a person marked</source>
            <translation>droit, d’après un fil à plomb marqué par une personne</translation>
        </message>
        <message>
            <source>level, by upright lines in the room</source>
            <translation>droit, d’après les lignes verticales de la pièce</translation>
        </message>
        <message>
            <source>turned by {roll}°, by a plumb line that a person marked; taken out</source>
            <translation>tourné de {roll}°, d’après un fil à plomb marqué par une personne ; le calcul en tient compte</translation>
        </message>
        <message>
            <source>turned by {roll}°, by upright lines in the room; taken out</source>
            <translation>tourné de {roll}°, d’après les lignes verticales de la pièce ; le calcul en tient compte</translation>
        </message>
        <message>
            <source>placed by a person</source>
            <translation>placés par une personne</translation>
        </message>
        <message>
            <source>suggested by the program, then moved by a person</source>
            <translation>proposés par le programme, puis déplacés par une personne</translation>
        </message>
        <message>
            <source>suggested by the program, left in place by a person</source>
            <translation>proposés par le programme, laissés en place par une personne</translation>
        </message>
        <message>
            <source>nothing that would widen the range</source>
            <translation>rien qui élargirait la plage</translation>
        </message>
        <message>
            <source>How far this can be trusted</source>
            <translation>Jusqu’où s’y fier</translation>
        </message>
        <message>
            <source>Every angle is an estimate with a likely range, meant to hold the true angle in 9 of 10 cases. Compare angles only if method, clothes and arms were the same.</source>
            <translation>Chaque angle est une estimation avec une plage probable, censée contenir le véritable angle dans 9 cas sur 10. Ne comparez des angles que si la méthode, les vêtements et la position des bras étaient les mêmes.</translation>
        </message>
        <message>
            <source>Pelvic tilt here is the angle between the line from PSIS (the dimple at the back) to ASIS (the bony point at the front) and the horizontal, seen from the side; forward means ASIS lower. It is not the pelvic tilt of X-ray pictures.</source>
            <translation>La bascule du bassin est ici l’angle entre la ligne allant de l’EIPS (la fossette à l’arrière) à l’EIAS (la pointe osseuse à l’avant) et l’horizontale, vu de profil ; vers l’avant (antéversion pelvienne) signifie que l’EIAS est plus basse. Ce n’est pas la version pelvienne des radiographies.</translation>
        </message>
        <message>
            <source>The likely range of one angle holds what no picture shows of the bones (SD 4.5°); a change leaves that out. What counts as a change follows from how one body reads twice (SD 2.7°, computer-made bodies) and stands from day to day (SD 1.6°), or from a person's own series of five. By hand with an inclinometer the standard error is about 1° by one examiner (Herrington 2011) and up to 3.6° over clothes (Hagins).</source>
            <translation>La plage probable d’un angle comprend ce qu’aucune image ne montre des os (écart type 4,5°) ; un changement n’en dépend pas. Ce qui compte comme changement découle de l’écart entre deux lectures d’un même corps (écart type 2,7°, corps créés par ordinateur) et de sa variation debout d’un jour à l’autre (écart type 1,6°), ou des séries de cinq de la personne elle-même. À la main, avec un inclinomètre, l’erreur type est d’environ 1° pour un même examinateur (Herrington 2011) et va jusqu’à 3,6° par-dessus les vêtements (Hagins).</translation>
        </message>
        <message>
            <source>Measured from the body outline, the range was checked on computer-made bodies, which does not prove accuracy on people. No published method measures an adult's pelvic tilt from a clothed photograph without marks; clinical validity is not claimed.</source>
            <translation>Pour les mesures d’après le contour du corps, la plage a été vérifiée sur des corps créés par ordinateur, ce qui ne prouve pas l’exactitude sur de vraies personnes. Aucune méthode publiée ne mesure la bascule du bassin d’un adulte habillé, sur une photo sans repères ; aucune validité clinique n’est revendiquée.</translation>
        </message>
        <message>
            <source>Of healthy young adults 85 % of men and 75 % of women stand tilted forward (Herrington 2011, n = 120). Bone shape alone spans 0 to 23° in pelves held still (Preece 2008; mean 13°, SD 5°). No limit between healthy and unhealthy has been validated, and no study shows that the tilt explains pain or tells how strong a muscle is (Laird 2014).</source>
            <translation>Parmi de jeunes adultes en bonne santé, 85 % des hommes et 75 % des femmes se tiennent le bassin basculé vers l’avant (Herrington 2011, n = 120). La forme des os à elle seule couvre 0 à 23° sur des bassins tenus immobiles (Preece 2008 ; moyenne 13°, écart type 5°). Aucune limite entre sain et non sain n’a été validée, et aucune étude ne montre que la bascule explique une douleur ou indique la force d’un muscle (Laird 2014).</translation>
        </message>
        <message>
            <source>Made by Beltline {version}.</source>
            <translation>Créé par Beltline {version}.</translation>
        </message>
        <message>
            <source>The newest check was measured by Beltline {version}; pose model {pose}, outline model {contour} (starts of SHA-256).</source>
            <translation>La mesure la plus récente a été faite par Beltline {version} ; modèle de pose {pose}, modèle de contour {contour} (débuts de SHA-256).</translation>
        </message>
        <message>
            <source>The checks were measured by versions {versions}.</source>
            <translation>Les mesures ont été faites par les versions {versions}.</translation>
        </message>
        <message>
            <source>{sign} stands for a letter that no font of this computer holds.</source>
            <translation>{sign} remplace une lettre qu’aucune police de cet ordinateur ne contient.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters, so the report shows boxes for them: {letters}. Install a font for them, such as one of Google's Noto fonts, and make the report again.</source>
            <translation>Aucune police de cet ordinateur ne contient ces lettres ; le rapport affiche donc des cases à leur place : {letters}. Installez une police qui les contient, par exemple l’une des polices Noto de Google, et refaites le rapport.</translation>
        </message>
        <message>
            <source>and more</source>
            <translation>et d’autres</translation>
        </message>
        <message>
            <source>Estimates with their likely ranges, not a verdict. {name}</source>
            <translation>Des estimations avec leur plage probable, pas un verdict. {name}</translation>
        </message>
        <message>
            <source>Page {page} of {pages}</source>
            <translation>Page {page} sur {pages}</translation>
        </message>
        <message>
            <source>'{name}' has no saved checks yet, so there is nothing to report.</source>
            <translation>« {name} » n’a pas encore de mesures enregistrées ; il n’y a donc rien à mettre dans un rapport.</translation>
        </message>
        <message>
            <source>Save a check first, then make the report.</source>
            <translation>Enregistrez d’abord une mesure, puis créez le rapport.</translation>
        </message>
        <message>
            <source>'{name}' has no check that was measured {method}.</source>
            <translation>« {name} » n’a aucune mesure faite {method}.</translation>
        </message>
        <message>
            <source>Choose another method, or make a report about all checks.</source>
            <translation>Choisissez une autre méthode, ou créez un rapport sur toutes les mesures.</translation>
        </message>
        <message>
            <source>The report cannot be written to '{out}': {why}.</source>
            <translation>Le rapport ne peut pas être écrit dans « {out} » : {why}.</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>Choisissez un nom dans un dossier qui existe, où vous avez le droit d’écrire et dont le disque a de la place.</translation>
        </message>
        <message>
            <source>its name does not end in .pdf</source>
            <translation>son nom ne se termine pas par .pdf</translation>
        </message>
        <message>
            <source>Give a file name that ends in .pdf.</source>
            <translation>Donnez un nom de fichier qui se termine par .pdf.</translation>
        </message>
        <message>
            <source>its folder does not exist</source>
            <translation>son dossier n’existe pas</translation>
        </message>
        <message>
            <source>the file that is there is read-only</source>
            <translation>le fichier déjà présent est en lecture seule</translation>
        </message>
        <message>
            <source>a folder has this name</source>
            <translation>un dossier porte ce nom</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.forms</name>
        <message>
            <source>Measured {method}.</source>
            <translation>Mesuré {method}.</translation>
        </message>
        <message>
            <source>from the outline of the body</source>
            <translation>d’après le contour du corps</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>d’après le contour du corps, avec l’étalonnage propre à cette personne</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>d’après les deux pointes osseuses marquées</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>d’après les deux pastilles</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>d’après la ligne de ceinture</translation>
        </message>
        <message>
            <source>A FHIR bundle needs more packages.</source>
            <translation>Un bundle FHIR demande des paquets supplémentaires.</translation>
        </message>
        <message>
            <source>Where Beltline was installed with Python, install them with: pip install 'beltline[study]'</source>
            <translation>Si Beltline a été installé avec Python, installez-les avec : pip install 'beltline[study]'</translation>
        </message>
        <message>
            <source>There is no export '{kind}'.</source>
            <translation>Il n’existe pas d’export « {kind} ».</translation>
        </message>
        <message>
            <source>'{path}' is there already, so nothing was written.</source>
            <translation>« {path} » existe déjà ; rien n’a donc été écrit.</translation>
        </message>
        <message>
            <source>Choose another folder, or add --replace.</source>
            <translation>Choisissez un autre dossier, ou ajoutez --replace.</translation>
        </message>
        <message>
            <source>The export cannot be written to '{folder}': {why}.</source>
            <translation>L’export ne peut pas être écrit dans « {folder} » : {why}.</translation>
        </message>
        <message>
            <source>Choose a folder that you may write to and that has room.</source>
            <translation>Choisissez un dossier où vous avez le droit d’écrire et où il reste de la place.</translation>
        </message>
        <message>
            <source>Estimated from a photograph, for research: context, not a verdict. Bone shape alone spans 0 to 23 degrees in pelves held still, most people without pain stand tilted forward, and no limit between healthy and unhealthy has been shown to hold. Compare it only with results of the same person by the same method. Where a time is told, it is when the picture was looked at, not when it was taken.</source>
            <translation>Estimé à partir d’une photo, pour la recherche : un élément de contexte, pas un verdict. La forme des os à elle seule couvre 0 à 23 degrés sur des bassins tenus immobiles, la plupart des personnes sans douleur se tiennent le bassin basculé vers l’avant, et aucune limite entre sain et non sain n’a été démontrée. Ne le comparez qu’avec des résultats de la même personne par la même méthode. Quand un moment est indiqué, c’est celui où l’image a été examinée, pas celui où elle a été prise.</translation>
        </message>
        <message>
            <source>Pelvic tilt standing, from a side-on photograph; forward (front lower) is positive</source>
            <translation>Bascule du bassin debout, d’après une photo de profil ; vers l’avant (avant plus bas) est positif</translation>
        </message>
        <message>
            <source>Slope of the belt line, from a side-on photograph; front lower is positive</source>
            <translation>Pente de la ligne de ceinture, d’après une photo de profil ; avant plus bas est positif</translation>
        </message>
        <message>
            <source>The rater could not tell the two bony points.</source>
            <translation>L’évaluateur n’a pas pu distinguer les deux pointes osseuses.</translation>
        </message>
        <message>
            <source>The photograph was refused.</source>
            <translation>La photo a été refusée.</translation>
        </message>
        <message>
            <source>The photograph could not be read.</source>
            <translation>La photo n’a pas pu être lue.</translation>
        </message>
        <message>
            <source>There is no number, and the study does not say why.</source>
            <translation>Il n’y a pas de chiffre, et l’étude ne dit pas pourquoi.</translation>
        </message>
        <message>
            <source>Beltline's own codes for pelvic tilt in photographs</source>
            <translation>Codes propres à Beltline pour la bascule du bassin sur des photos</translation>
        </message>
        <message>
            <source>Software that estimates pelvic tilt from photographs</source>
            <translation>Logiciel qui estime la bascule du bassin à partir de photos</translation>
        </message>
        <message>
            <source>No</source>
            <translation>Non</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>En partie</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>Nettement</translation>
        </message>
        <message>
            <source>The belt line is not seen</source>
            <translation>La ligne de ceinture n’est pas visible</translation>
        </message>
        <message>
            <source>The belt line is partly seen</source>
            <translation>La ligne de ceinture est en partie visible</translation>
        </message>
        <message>
            <source>The belt line is clearly seen</source>
            <translation>La ligne de ceinture est nettement visible</translation>
        </message>
        <message>
            <source>Both points marked</source>
            <translation>Les deux points marqués</translation>
        </message>
        <message>
            <source>Points cannot be told</source>
            <translation>Points impossibles à distinguer</translation>
        </message>
        <message>
            <source>Not yet rated</source>
            <translation>Pas encore évaluée</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>Mesuré</translation>
        </message>
        <message>
            <source>Photograph refused</source>
            <translation>Photo refusée</translation>
        </message>
        <message>
            <source>Photograph not readable</source>
            <translation>Photo illisible</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.rating</name>
        <message>
            <source>Studies</source>
            <translation>Études</translation>
        </message>
        <message>
            <source>Choose the folder that was given to you</source>
            <translation>Choisir le dossier qui vous a été remis</translation>
        </message>
        <message>
            <source>If you were given a folder of photographs to rate for a study, open it here. They are shown in a window of their own.</source>
            <translation>Si l’on vous a remis un dossier de photos à évaluer pour une étude, ouvrez-le ici. Elles s’affichent dans une fenêtre à part.</translation>
        </message>
        <message>
            <source>Rate photographs…</source>
            <translation>Évaluer des photos…</translation>
        </message>
        <message>
            <source>Rate photographs</source>
            <translation>Évaluer des photos</translation>
        </message>
        <message>
            <source>Photograph {number} of {count}</source>
            <translation>Photo {number} sur {count}</translation>
        </message>
        <message>
            <source>Who is rating?</source>
            <translation>Qui évalue ?</translation>
        </message>
        <message>
            <source>Each rater has a list of their own, in another order. Choose the one that was given to you, and no other.</source>
            <translation>Chaque évaluateur a sa propre liste, dans un autre ordre. Choisissez celle qui vous a été remise, et aucune autre.</translation>
        </message>
        <message>
            <source>Rate photographs for a study</source>
            <translation>Évaluer des photos pour une étude</translation>
        </message>
        <message>
            <source>Go on rating photographs</source>
            <translation>Continuer l’évaluation</translation>
        </message>
        <message>
            <source>You see one photograph at a time. Still to rate: {left}. On each, mark two points where you think the bones are, and say how well you see the belt line.</source>
            <translation>Vous voyez une photo à la fois. Restent à évaluer : {left}. Sur chacune, marquez deux points là où vous pensez que sont les os, et dites si vous voyez bien la ligne de ceinture.</translation>
        </message>
        <message>
            <source>Front point (ASIS): the bump at the front end of the hip bone's upper edge. Back point (PSIS): the bump under the dimple just above the buttock. Mark them on the side that faces the camera.</source>
            <translation>Point avant (EIAS) : la bosse à l’extrémité avant du bord supérieur de l’os de la hanche. Point arrière (EIPS) : la bosse sous la fossette juste au-dessus de la fesse. Marquez-les du côté tourné vers l’appareil.</translation>
        </message>
        <message>
            <source>If something upright is in the picture, such as a door frame, add a plumb line and lay it on that.</source>
            <translation>S’il y a un élément vertical dans l’image, comme un cadre de porte, ajoutez un fil à plomb et posez-le dessus.</translation>
        </message>
        <message>
            <source>Decide alone and trust your eye: the study asks how well people agree. Earlier answers are not shown.</source>
            <translation>Décidez sans aide et fiez-vous à votre œil : l’étude cherche à savoir à quel point les réponses concordent. Les réponses précédentes ne sont pas affichées.</translation>
        </message>
        <message>
            <source>Each answer is kept at once, with the time it took. Pauses do not count. You may close the window and go on another day.</source>
            <translation>Chaque réponse est gardée aussitôt, avec le temps qu’elle a pris. Les pauses ne comptent pas. Vous pouvez fermer la fenêtre et continuer un autre jour.</translation>
        </message>
        <message>
            <source>All of it works with the keyboard: arrow keys move the point, with Shift faster; Enter goes on to what comes next; {unknown} means you cannot tell the points; {plumb} is the plumb line; {no}, {partly} and {clearly} answer about the belt line; {pause} pauses; Ctrl and + or - zoom, {fit} shows the whole picture.</source>
            <translation>Tout peut se faire au clavier : les flèches déplacent le point, plus vite avec Maj ; Entrée passe à la suite ; {unknown} signifie que vous ne distinguez pas les points ; {plumb} est le fil à plomb ; {no}, {partly} et {clearly} répondent sur la ligne de ceinture ; {pause} met en pause ; Ctrl et + ou - zooment, {fit} affiche l’image entière.</translation>
        </message>
        <message>
            <source>Front point (ASIS)</source>
            <translation>Point avant (EIAS)</translation>
        </message>
        <message>
            <source>Back point (PSIS)</source>
            <translation>Point arrière (EIPS)</translation>
        </message>
        <message>
            <source>{name}, not marked yet</source>
            <translation>{name}, pas encore marqué</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>Marquez les deux pointes osseuses</translation>
        </message>
        <message>
            <source>Click on the picture, first on the front point, then on the back point. Drag a cross, or move it with the arrow keys, until it is right.</source>
            <translation>Cliquez sur l’image, d’abord sur le point avant, puis sur le point arrière. Faites glisser une croix, ou déplacez-la avec les flèches, jusqu’à ce qu’elle soit bien placée.</translation>
        </message>
        <message>
            <source>I cannot tell the points</source>
            <translation>Je ne distingue pas les points</translation>
        </message>
        <message>
            <source>How well do you see the belt line?</source>
            <translation>Voyez-vous bien la ligne de ceinture ?</translation>
        </message>
        <message>
            <source>The upper edge of a belt, trousers or skirt across the body.</source>
            <translation>Le bord supérieur d’une ceinture, d’un pantalon ou d’une jupe en travers du corps.</translation>
        </message>
        <message>
            <source>Not at all</source>
            <translation>Pas du tout</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>En partie</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>Nettement</translation>
        </message>
        <message>
            <source>Mark the {point}: click on it, or press an arrow key. If you cannot tell where it is, choose “I cannot tell the points”.</source>
            <translation>Marquez le {point} : cliquez dessus, ou appuyez sur une flèche. Si vous ne savez pas où il est, choisissez « Je ne distingue pas les points ».</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>point avant</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>point arrière</translation>
        </message>
        <message>
            <source>The plumb line is still where it was put. Move both ends onto something upright, or remove the line.</source>
            <translation>Le fil à plomb est encore là où il a été posé. Placez ses deux bouts sur un élément vertical, ou retirez la ligne.</translation>
        </message>
        <message>
            <source>This line cannot be upright. Move both ends onto something upright, such as a door frame, far apart, or remove the line.</source>
            <translation>Cette ligne ne peut pas être verticale. Placez ses deux bouts sur un élément vertical, comme un cadre de porte, bien écartés, ou retirez la ligne.</translation>
        </message>
        <message>
            <source>Say how well you see the belt line.</source>
            <translation>Dites si vous voyez bien la ligne de ceinture.</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>En pause</translation>
        </message>
        <message>
            <source>The clock stands still and the photograph is hidden. What you marked on it stays as long as the window is open.</source>
            <translation>Le chrono est arrêté et la photo est masquée. Ce que vous y avez marqué reste tant que la fenêtre est ouverte.</translation>
        </message>
        <message>
            <source>Photograph {number} cannot be shown and stays open. {message}</source>
            <translation>La photo {number} ne peut pas être affichée et reste à évaluer. {message}</translation>
        </message>
        <message>
            <source>It has another size than the study's.</source>
            <translation>Elle n’a pas la même taille que celle de l’étude.</translation>
        </message>
        <message>
            <source>All photographs are rated</source>
            <translation>Toutes les photos sont évaluées</translation>
        </message>
        <message>
            <source>You have come to the end</source>
            <translation>Vous avez terminé</translation>
        </message>
        <message numerus="yes">
            <source>Thank you. Your {count} answers are in the folder “{folder}”. Give it back to whoever gave it to you.</source>
            <translation>
                <numerusform>Merci. Votre réponse se trouve dans le dossier « {folder} ». Rendez-le à la personne qui vous l’a remis.</numerusform>
                <numerusform>Merci. Vos {count} réponses se trouvent dans le dossier « {folder} ». Rendez-le à la personne qui vous l’a remis.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} photographs could not be shown and stay open. Say so when you give the folder back.</source>
            <translation>
                <numerusform>{count} photo n’a pas pu être affichée et reste à évaluer. Dites-le en rendant le dossier.</numerusform>
                <numerusform>{count} photos n’ont pas pu être affichées et restent à évaluer. Dites-le en rendant le dossier.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.several</name>
        <message>
            <source>Click the person you mean</source>
            <translation>Cliquez sur la personne visée</translation>
        </message>
        <message>
            <source>Person {number}, from the left</source>
            <translation>Personne {number}, à partir de la gauche</translation>
        </message>
        <message>
            <source>{count} pictures. Are they one person in one stance, taken again and again, or different?</source>
            <translation>{count} images. Est-ce une même personne dans une même position debout, photographiée plusieurs fois, ou sont-elles différentes ?</translation>
        </message>
        <message>
            <source>One person, one stance</source>
            <translation>Une personne, une position</translation>
        </message>
        <message>
            <source>Different</source>
            <translation>Différentes</translation>
        </message>
        <message>
            <source>They become one check, which is surer than a single picture.</source>
            <translation>Elles forment une seule mesure, plus sûre qu’une image isolée.</translation>
        </message>
        <message>
            <source>They are one stance</source>
            <translation>C’est une seule position</translation>
        </message>
        <message>
            <source>They are different</source>
            <translation>Elles sont différentes</translation>
        </message>
        <message>
            <source>Each becomes a check of its own, and you choose whose.</source>
            <translation>Chacune devient une mesure à part, et vous choisissez de qui.</translation>
        </message>
        <message>
            <source>{count} pictures</source>
            <translation>{count} images</translation>
        </message>
        <message>
            <source>{count} pictures in “{folder}”</source>
            <translation>{count} images dans « {folder} »</translation>
        </message>
        <message>
            <source>Only the first {count} are taken, in the order of their names; {left} are left out.</source>
            <translation>Seules les {count} premières sont prises, dans l’ordre de leurs noms ; {left} sont laissées de côté.</translation>
        </message>
        <message>
            <source>There is no picture in this folder. Choose one with photographs in it.</source>
            <translation>Il n’y a pas d’image dans ce dossier. Choisissez-en un qui contient des photos.</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>En attente</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>Mesure en cours…</translation>
        </message>
        <message>
            <source>{said}
Saved</source>
            <translation>{said}
Enregistré</translation>
        </message>
        <message>
            <source>{said} Open it to choose one.</source>
            <translation>{said} Ouvrez l’image pour en choisir une.</translation>
        </message>
        <message>
            <source>{done} of {count}</source>
            <translation>{done} sur {count}</translation>
        </message>
        <message>
            <source>{measured} measured, {refused} without a number.</source>
            <translation>{measured} mesurées, {refused} sans chiffre.</translation>
        </message>
        <message>
            <source>All are measured.</source>
            <translation>Toutes sont mesurées.</translation>
        </message>
        <message>
            <source>{count} pictures of one stance</source>
            <translation>{count} images d’une même position debout</translation>
        </message>
        <message>
            <source>The middle of {count} pictures, which lie {apart}.</source>
            <translation>La valeur centrale de {count} images, {apart}.</translation>
        </message>
        <message>
            <source>up to {range}° apart</source>
            <translation>avec un écart d’au plus {range}°</translation>
        </message>
        <message>
            <source>less than 1° apart</source>
            <translation>avec un écart de moins de 1°</translation>
        </message>
        <message>
            <source>{source} is {off}° off the middle: look at it, or leave it out.</source>
            <translation>{source} est à {off}° de la valeur centrale : regardez cette image, ou laissez-la de côté.</translation>
        </message>
        <message>
            <source>{left} did not count.</source>
            <translation>Non comptées : {left}.</translation>
        </message>
        <message>
            <source>A change of {change}° or more counts.</source>
            <translation>Un changement compte à partir de {change}°.</translation>
        </message>
        <message>
            <source>The result comes when all pictures are measured.</source>
            <translation>Le résultat vient quand toutes les images sont mesurées.</translation>
        </message>
        <message>
            <source>Save all ({count})</source>
            <translation>Tout enregistrer ({count})</translation>
        </message>
        <message numerus="yes">
            <source>Saved {count} checks</source>
            <translation>
                <numerusform>{count} mesure enregistrée</numerusform>
                <numerusform>{count} mesures enregistrées</numerusform>
            </translation>
        </message>
        <message>
            <source>{kept} of {count} checks were saved. {why}</source>
            <translation>Mesures enregistrées : {kept} sur {count}. {why}</translation>
        </message>
    </context>
    <context>
        <name>app.text.share</name>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>Beltline sert à s’observer soi-même, pour le bien-être. Ce n’est pas un dispositif médical : pour un diagnostic, consultez un kinésithérapeute.</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>Partager</translation>
        </message>
        <message>
            <source>Copy, save or print this result</source>
            <translation>Copier, enregistrer ou imprimer ce résultat</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copier</translation>
        </message>
        <message>
            <source>Save picture…</source>
            <translation>Enregistrer l’image…</translation>
        </message>
        <message>
            <source>Print…</source>
            <translation>Imprimer…</translation>
        </message>
        <message>
            <source>Blur the face</source>
            <translation>Flouter le visage</translation>
        </message>
        <message>
            <source>Beltline could not find every face in the picture, so it was not shared. If the faces may be seen, switch off “Blur the face” in the Share menu.</source>
            <translation>Beltline n’a pas pu trouver tous les visages sur l’image, elle n’a donc pas été partagée. Si les visages peuvent être vus, désactivez « Flouter le visage » dans le menu Partager.</translation>
        </message>
        <message>
            <source>Copied: the words, and the picture.</source>
            <translation>Copié : le texte et l’image.</translation>
        </message>
        <message>
            <source>Copied: the words. No picture was kept with this check.</source>
            <translation>Copié : le texte. Aucune image n’a été gardée avec cette mesure.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>Enregistré sous {name}.</translation>
        </message>
        <message>
            <source>Sent to the printer.</source>
            <translation>Envoyé à l’imprimante.</translation>
        </message>
        <message>
            <source>The printer did not take it. Look whether it is switched on, then try again.</source>
            <translation>L’imprimante n’a pas répondu. Vérifiez qu’elle est allumée, puis réessayez.</translation>
        </message>
        <message>
            <source>check_{day}.png</source>
            <translation>mesure_{day}.png</translation>
        </message>
        <message>
            <source>Picture (*.png)</source>
            <translation>Image (*.png)</translation>
        </message>
        <message>
            <source>Smaller picture (*.jpg *.jpeg)</source>
            <translation>Image plus petite (*.jpg *.jpeg)</translation>
        </message>
    </context>
    <context>
        <name>app.text.squeeze</name>
        <message>
            <source>Squeeze test</source>
            <translation>Test de contraction</translation>
        </message>
        <message>
            <source>Squeeze tests</source>
            <translation>Tests de contraction</translation>
        </message>
        <message>
            <source>Result of the squeeze test</source>
            <translation>Résultat du test de contraction</translation>
        </message>
        <message>
            <source>{angle}° back ({interval})</source>
            <translation>{angle}° vers l’arrière ({interval})</translation>
        </message>
        <message>
            <source>{angle}° forward ({interval})</source>
            <translation>{angle}° vers l’avant ({interval})</translation>
        </message>
        <message>
            <source>Turned back {angle}° on squeezing (likely {interval})</source>
            <translation>Bascule de {angle}° vers l’arrière à la contraction (probablement {interval})</translation>
        </message>
        <message>
            <source>Turned forward {angle}° on squeezing (likely {interval})</source>
            <translation>Bascule de {angle}° vers l’avant à la contraction (probablement {interval})</translation>
        </message>
        <message>
            <source>Turned by less than 1° on squeezing (likely {interval})</source>
            <translation>Bascule de moins de 1° à la contraction (probablement {interval})</translation>
        </message>
        <message>
            <source>That is more than a pelvis moves by itself in somebody who stands still.</source>
            <translation>C’est plus que le mouvement naturel du bassin chez quelqu’un qui se tient immobile.</translation>
        </message>
        <message>
            <source>That is no more than a pelvis moves by itself in somebody who stands still, so it may be chance.</source>
            <translation>Ce n’est pas plus que le mouvement naturel du bassin chez quelqu’un qui se tient immobile ; c’est donc peut-être le hasard.</translation>
        </message>
        <message>
            <source>more than standing still varies</source>
            <translation>plus que la variation en position immobile</translation>
        </message>
        <message>
            <source>may be chance</source>
            <translation>peut-être le hasard</translation>
        </message>
        <message>
            <source>A real turn</source>
            <translation>Un vrai mouvement</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>oui</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>Une par une : {angles}.</translation>
        </message>
        <message>
            <source>This shows whether the pelvis turned when you squeezed, not how strong a muscle is. If something troubles you, ask a physiotherapist.</source>
            <translation>Cela montre si le bassin a bougé quand vous avez contracté les fessiers, pas la force d’un muscle. Si quelque chose vous gêne, parlez-en à un kinésithérapeute.</translation>
        </message>
        <message>
            <source>Could you squeeze both sides of your buttocks together?</source>
            <translation>Avez-vous pu contracter les deux fessiers ensemble ?</translation>
        </message>
        <message>
            <source>Could you squeeze the left side alone?</source>
            <translation>Avez-vous pu contracter le côté gauche seul ?</translation>
        </message>
        <message>
            <source>Could you squeeze the right side alone?</source>
            <translation>Avez-vous pu contracter le côté droit seul ?</translation>
        </message>
        <message>
            <source>Could you squeeze your buttocks?</source>
            <translation>Avez-vous pu contracter les fessiers ?</translation>
        </message>
        <message>
            <source>Both together</source>
            <translation>Les deux ensemble</translation>
        </message>
        <message>
            <source>Left alone</source>
            <translation>Gauche seul</translation>
        </message>
        <message>
            <source>Right alone</source>
            <translation>Droit seul</translation>
        </message>
        <message>
            <source>partly</source>
            <translation>en partie</translation>
        </message>
        <message>
            <source>no</source>
            <translation>non</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>non précisé</translation>
        </message>
        <message>
            <source>Could squeeze both sides: {both}; the left alone: {left}; the right alone: {right}.</source>
            <translation>A pu contracter les deux côtés : {both} ; le gauche seul : {left} ; le droit seul : {right}.</translation>
        </message>
        <message>
            <source>Newest squeeze test, {when}: {turned}, {noise}. {answers}</source>
            <translation>Test de contraction le plus récent, {when} : {turned}, {noise}. {answers}</translation>
        </message>
        <message>
            <source>Newest, {when}: {turned} on squeezing</source>
            <translation>Le plus récent, {when} : {turned} à la contraction</translation>
        </message>
        <message>
            <source>Squeeze tests ({count})</source>
            <translation>Tests de contraction ({count})</translation>
        </message>
        <message>
            <source>back</source>
            <translation>vers l’arrière</translation>
        </message>
        <message>
            <source>forward</source>
            <translation>vers l’avant</translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>{count} test de contraction</numerusform>
                <numerusform>{count} tests de contraction</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pictures</name>
        <message>
            <source>Somebody stands upright, seen from behind, and tightens both buttocks.</source>
            <translation>Personne debout, vue de dos, qui contracte les deux fessiers.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with bent knees and feet on the floor, and lifts the hips until shoulders, hips and knees are in line.</source>
            <translation>Personne allongée sur le dos, genoux pliés et pieds au sol, qui soulève les hanches jusqu’à ce que les épaules, les hanches et les genoux soient alignés.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with one foot on the floor and the other leg stretched out, lifts the hips and holds them up.</source>
            <translation>Personne allongée sur le dos, un pied au sol et l’autre jambe tendue, qui soulève les hanches et les maintient en l’air.</translation>
        </message>
        <message>
            <source>Somebody lies on their side with straight legs and lifts the upper leg.</source>
            <translation>Personne allongée sur le côté, jambes tendues, qui lève la jambe du dessus.</translation>
        </message>
    </context>
    <context>
        <name>guidance</name>
        <message>
            <source>No real change since {since}.</source>
            <translation>Pas de vrai changement depuis la mesure précédente ({since}).</translation>
        </message>
        <message>
            <source>{difference}° {way} in front than {then}: a real change, if the clothes sat alike.</source>
            <translation>{difference}° {way} à l’avant que {then} : vrai changement, si les vêtements étaient placés de la même façon.</translation>
        </message>
        <message>
            <source>{difference}° further {way} than {then}: a real change.</source>
            <translation>{difference}° de plus {way} que {then} : vrai changement.</translation>
        </message>
        <message>
            <source>Your first check of this kind. The next one can be compared with it.</source>
            <translation>Votre première mesure de ce type. La prochaine pourra lui être comparée.</translation>
        </message>
        <message>
            <source>{fix} Then check again.</source>
            <translation>{fix} Puis mesurez à nouveau.</translation>
        </message>
        <message>
            <source>Check again on another day before you make anything of the change.</source>
            <translation>Mesurez de nouveau un autre jour avant de tirer quoi que ce soit de ce changement.</translation>
        </message>
        <message>
            <source>Can you squeeze each side of your buttocks by itself? Try it.</source>
            <translation>Pouvez-vous contracter chaque fessier séparément ? Essayez.</translation>
        </message>
        <message>
            <source>The angle of your belt line, as in a mirror. It is not the tilt of your pelvis.</source>
            <translation>L’angle de votre ligne de ceinture, comme dans un miroir. Ce n’est pas la bascule de votre bassin.</translation>
        </message>
        <message>
            <source>Measured between the two bony points that were marked, and as exact as they are.</source>
            <translation>Mesuré entre les deux pointes osseuses marquées, et aussi exact que leur emplacement.</translation>
        </message>
        <message>
            <source>Measured between two stickers, and as exact as the places where they were stuck.</source>
            <translation>Mesuré entre deux pastilles, et aussi exact que l’endroit où elles ont été collées.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body and from what your calibration showed of your bones.</source>
            <translation>Estimé d’après le contour du corps et d’après ce que votre étalonnage a montré de vos os.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body.</source>
            <translation>Estimé d’après le contour du corps.</translation>
        </message>
        <message>
            <source>Forward means that the front of the pelvis, the bowl of bone between your hips, is lower than the back.</source>
            <translation>« Vers l’avant » signifie que l’avant du bassin, la cuvette osseuse entre vos hanches, est plus bas que l’arrière.</translation>
        </message>
        <message>
            <source>Clothes and belly shift it too, so compare it only in the same clothes.</source>
            <translation>Les vêtements et le ventre le décalent aussi ; ne le comparez donc que dans les mêmes vêtements.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward; this lies within that.</source>
            <translation>Chez la plupart des personnes sans douleur, le bassin bascule d’environ 3 à 20° vers l’avant ; ce résultat est dans cette plage.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is more; bones alone can explain it.</source>
            <translation>Chez la plupart des personnes sans douleur, le bassin bascule d’environ 3 à 20° vers l’avant. Ce résultat est au-dessus ; les os seuls peuvent l’expliquer.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is less; bones alone can explain it.</source>
            <translation>Chez la plupart des personnes sans douleur, le bassin bascule d’environ 3 à 20° vers l’avant. Ce résultat est en dessous ; les os seuls peuvent l’expliquer.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is the other way; bones or stance alone can explain it.</source>
            <translation>Chez la plupart des personnes sans douleur, le bassin bascule d’environ 3 à 20° vers l’avant. Ce résultat est dans l’autre sens ; les os ou la position debout seuls peuvent l’expliquer.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photo shows the shape of your bones. Calibrating once narrows it. Changes show more clearly.</source>
            <translation>La plage probable est large, car aucune photo ne montre la forme de vos os. Un étalonnage suffit à la resserrer. Les changements se voient plus nettement.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way. Whether a change matters, a number alone cannot say.</source>
            <translation>« La dernière fois » désigne votre dernière mesure faite de la même façon. Un chiffre seul ne peut pas dire si un changement a de l’importance.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>« La dernière fois » désigne votre dernière mesure faite de la même façon ; moins de {smallest}° entre deux images n’est pas un vrai changement.</translation>
        </message>
        <message>
            <source>Compare it only with your own checks, measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>Ne le comparez qu’avec vos propres mesures, faites de la même façon ; moins de {smallest}° entre deux images n’est pas un vrai changement.</translation>
        </message>
        <message>
            <source>It does not tell good from bad, does not explain pain, and proves nothing about how well your muscles work.</source>
            <translation>Il ne dit pas ce qui est bon ou mauvais, n’explique pas une douleur et ne prouve rien sur le fonctionnement de vos muscles.</translation>
        </message>
        <message>
            <source>It is not a medical measurement: the range was checked on computer-made bodies, not on people.</source>
            <translation>Ce n’est pas une mesure médicale : la plage a été vérifiée sur des corps créés par ordinateur, pas sur de vraies personnes.</translation>
        </message>
        <message>
            <source>Your hips were ahead of your feet and your upper body leaned back (sway-back). That can hide a forward tilt, so the number may be too low.</source>
            <translation>Vos hanches étaient en avant de vos pieds et le haut du corps penchait vers l’arrière (sway-back). Cela peut masquer une bascule vers l’avant ; le chiffre est donc peut-être trop bas.</translation>
        </message>
        <message>
            <source>Your knees were pushed back beyond straight, which can turn the pelvis. Compare this check only with others in which you stood like that.</source>
            <translation>Vos genoux étaient poussés en arrière, au-delà de la ligne droite, ce qui peut faire basculer le bassin. Ne comparez cette mesure qu’avec celles où vous vous teniez ainsi.</translation>
        </message>
        <message>
            <source>Your head was well ahead of your shoulders. Look straight ahead each time: it changes how you stand.</source>
            <translation>Votre tête était nettement en avant de vos épaules. Regardez chaque fois droit devant vous : cela change la façon de se tenir.</translation>
        </message>
        <message>
            <source>Tighter clothes, two stickers or marked points narrow the likely range.</source>
            <translation>Des vêtements plus ajustés, deux pastilles ou des points marqués resserrent la plage probable.</translation>
        </message>
        <message>
            <source>A belt line that is lower in front may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Une ligne de ceinture plus basse à l’avant peut être le signe que les muscles fessiers ne s’activent plus de façon fiable, en général après de longs moments assis. Aucune étude ne l’a prouvé ; testez-les donc : pouvez-vous contracter les deux côtés, et chacun séparément ? Le pont fessier et le lever de jambe permettent de s’y entraîner.</translation>
        </message>
        <message>
            <source>Standing tilted forward may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Se tenir le bassin basculé vers l’avant peut être le signe que les muscles fessiers ne s’activent plus de façon fiable, en général après de longs moments assis. Aucune étude ne l’a prouvé ; testez-les donc : pouvez-vous contracter les deux côtés, et chacun séparément ? Le pont fessier et le lever de jambe permettent de s’y entraîner.</translation>
        </message>
        <message>
            <source>Whatever the number: can you squeeze both sides of your buttocks, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Quel que soit le chiffre : pouvez-vous contracter les deux fessiers, et chacun séparément ? Le pont fessier et le lever de jambe permettent de s’y entraîner.</translation>
        </message>
        <message>
            <source>Sit less: stand up and walk for a few minutes every hour.</source>
            <translation>Restez moins longtemps assis : levez-vous et marchez quelques minutes toutes les heures.</translation>
        </message>
        <message>
            <source>With pain or doubts, see a physiotherapist.</source>
            <translation>En cas de douleur ou de doute, consultez un kinésithérapeute.</translation>
        </message>
        <message>
            <source>Numbness or tingling between the legs, where you would sit on a saddle.</source>
            <translation>Engourdissement ou fourmillements entre les jambes, là où l’on serait assis sur une selle.</translation>
        </message>
        <message>
            <source>New trouble with passing or holding urine or stool.</source>
            <translation>Difficulté récente à uriner, à aller à la selle ou à se retenir.</translation>
        </message>
        <message>
            <source>A leg or foot that is very weak, or weakness that is spreading.</source>
            <translation>Une jambe ou un pied très faible, ou une faiblesse qui s’étend.</translation>
        </message>
        <message>
            <source>Pain that runs down both legs.</source>
            <translation>Une douleur qui descend dans les deux jambes.</translation>
        </message>
        <message>
            <source>A bad fall, accident or other major injury lately.</source>
            <translation>Une mauvaise chute, un accident ou une autre blessure grave ces derniers temps.</translation>
        </message>
        <message>
            <source>Fever, or feeling ill altogether.</source>
            <translation>De la fièvre, ou un mauvais état général.</translation>
        </message>
        <message>
            <source>Cancer, now or in the past.</source>
            <translation>Un cancer, actuel ou passé.</translation>
        </message>
        <message>
            <source>Losing weight without knowing why.</source>
            <translation>Une perte de poids sans raison connue.</translation>
        </message>
        <message>
            <source>Pain at night that does not let up in any position.</source>
            <translation>Une douleur la nuit qui ne cède dans aucune position.</translation>
        </message>
        <message>
            <source>Osteoporosis (thin bones), or steroid medicines for months.</source>
            <translation>De l’ostéoporose (os fragiles), ou des corticoïdes (cortisone) pendant des mois.</translation>
        </message>
        <message>
            <source>You cannot put your weight on one of your legs.</source>
            <translation>Vous ne pouvez pas vous appuyer sur l’une de vos jambes.</translation>
        </message>
        <message>
            <source>A hot, swollen joint.</source>
            <translation>Une articulation chaude et gonflée.</translation>
        </message>
        <message>
            <source>You are pregnant.</source>
            <translation>Vous êtes enceinte.</translation>
        </message>
        <message>
            <source>An operation within the last months.</source>
            <translation>Une opération ces derniers mois.</translation>
        </message>
        <message>
            <source>An artificial hip.</source>
            <translation>Une prothèse de hanche.</translation>
        </message>
        <message>
            <source>Please get help now</source>
            <translation>Demandez de l’aide maintenant</translation>
        </message>
        <message>
            <source>Call the emergency number (112, 999 or 911, depending on your country) or go to an emergency department.</source>
            <translation>Appelez le numéro d’urgence (112, 999 ou 911, selon votre pays) ou allez aux urgences.</translation>
        </message>
        <message>
            <source>Now. Do not wait until it passes, even if it hardly hurts.</source>
            <translation>Maintenant. N’attendez pas que cela passe, même si cela fait à peine mal.</translation>
        </message>
        <message>
            <source>Exercises stay closed here until you answer the questions again.</source>
            <translation>Les exercices restent fermés ici jusqu’à ce que vous répondiez de nouveau aux questions.</translation>
        </message>
        <message>
            <source>Please see a doctor first</source>
            <translation>Consultez d’abord un médecin</translation>
        </message>
        <message>
            <source>Call your doctor and say what you have ticked.</source>
            <translation>Appelez votre médecin et dites ce que vous avez coché.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it gets worse.</source>
            <translation>Dans les prochains jours ; tout de suite si cela s’aggrave.</translation>
        </message>
        <message>
            <source>Please ask first</source>
            <translation>Demandez d’abord conseil</translation>
        </message>
        <message>
            <source>Ask your doctor, midwife or physiotherapist whether bridges and leg lifts are right for you.</source>
            <translation>Demandez à votre médecin, à votre sage-femme ou à votre kinésithérapeute si le pont fessier et le lever de jambe vous conviennent.</translation>
        </message>
        <message>
            <source>Before you begin; there is no hurry.</source>
            <translation>Avant de commencer ; rien ne presse.</translation>
        </message>
        <message>
            <source>When they say that you may, say so here.</source>
            <translation>Quand on vous dit que vous pouvez, indiquez-le ici.</translation>
        </message>
        <message>
            <source>You can begin</source>
            <translation>Vous pouvez commencer</translation>
        </message>
        <message>
            <source>None of your answers speaks against these exercises.</source>
            <translation>Aucune de vos réponses ne s’oppose à ces exercices.</translation>
        </message>
        <message>
            <source>If anything hurts, stop and press “This hurts”.</source>
            <translation>Si quelque chose fait mal, arrêtez et appuyez sur « J’ai mal ».</translation>
        </message>
        <message>
            <source>You will be asked again in four weeks.</source>
            <translation>La question vous sera reposée dans quatre semaines.</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>Arrêtez là</translation>
        </message>
        <message>
            <source>Stay in a position that is comfortable. If the pain goes away, leave this exercise out today. If it comes back or stays, ask a physiotherapist or your doctor.</source>
            <translation>Restez dans une position confortable. Si la douleur disparaît, laissez cet exercice de côté aujourd’hui. Si elle revient ou persiste, demandez conseil à un kinésithérapeute ou à votre médecin.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it is strong or follows a fall. With numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, or pain in both legs, call the emergency number now (112, 999 or 911, depending on your country).</source>
            <translation>Dans les prochains jours ; tout de suite si elle est forte ou fait suite à une chute. En cas d’engourdissement entre les jambes, de trouble récent de la vessie ou des intestins, de jambe qui faiblit ou de douleur dans les deux jambes, appelez maintenant le numéro d’urgence (112, 999 ou 911, selon votre pays).</translation>
        </message>
        <message>
            <source>Muscles that ache a little on the next day are usual. Sharp pain, or pain that runs into a leg, is not.</source>
            <translation>Des muscles un peu courbaturés le lendemain, c’est habituel. Une douleur vive, ou qui descend dans une jambe, ne l’est pas.</translation>
        </message>
        <message>
            <source>Can you squeeze at will?</source>
            <translation>Pouvez-vous contracter les fessiers à volonté ?</translation>
        </message>
        <message>
            <source>Stand relaxed, feet as wide as your hips, one hand on each buttock.</source>
            <translation>Tenez-vous debout sans forcer, pieds écartés de la largeur des hanches, une main sur chaque fesse.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks for five seconds. The thighs stay loose, and you go on breathing.</source>
            <translation>Contractez les deux fessiers pendant cinq secondes. Les cuisses restent souples, et vous continuez à respirer.</translation>
        </message>
        <message>
            <source>Then the left one alone, then the right one alone.</source>
            <translation>Puis le gauche seul, puis le droit seul.</translation>
        </message>
        <message>
            <source>Yes: you feel it get firm under your hand and can hold it. Partly: it flickers, or the other side or the thigh joins in. No: nothing happens.</source>
            <translation>Oui : vous sentez le muscle durcir sous la main et pouvez tenir. En partie : il tremble, ou bien l’autre côté ou la cuisse s’en mêle. Non : rien ne se passe.</translation>
        </message>
        <message>
            <source>It shows what you feel today, no more. Many people can squeeze one side less well than the other.</source>
            <translation>Cela montre ce que vous sentez aujourd’hui, rien de plus. Beaucoup de gens contractent un côté moins bien que l’autre.</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>Consulter</translation>
        </message>
        <message>
            <source>When it is worth it</source>
            <translation>Quand consulter</translation>
        </message>
        <message>
            <source>Pain that stays for some weeks, comes back, or keeps you from something you want to do.</source>
            <translation>Une douleur qui dure plusieurs semaines, qui revient, ou qui vous empêche de faire ce que vous voulez.</translation>
        </message>
        <message>
            <source>You cannot squeeze one side at all, even after two or three weeks of trying.</source>
            <translation>Vous n’arrivez pas du tout à contracter un côté, même après deux ou trois semaines d’essais.</translation>
        </message>
        <message>
            <source>You want to know what a number on a screen cannot tell: for a diagnosis somebody has to examine you.</source>
            <translation>Vous voulez savoir ce qu’un chiffre à l’écran ne peut pas dire : pour un diagnostic, il faut que quelqu’un vous examine.</translation>
        </message>
        <message>
            <source>When not to wait</source>
            <translation>Quand ne pas attendre</translation>
        </message>
        <message>
            <source>Numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, pain in both legs: call the emergency number now.</source>
            <translation>Engourdissement entre les jambes, trouble récent de la vessie ou des intestins, jambe qui faiblit, douleur dans les deux jambes : appelez maintenant le numéro d’urgence.</translation>
        </message>
        <message>
            <source>After a bad fall, with fever, after a cancer, with weight loss that you cannot explain, pain at night that never lets up, thin bones or months of steroid medicines, a hot swollen joint, or a leg that cannot carry you: call a doctor first.</source>
            <translation>Après une mauvaise chute, avec de la fièvre, après un cancer, avec une perte de poids inexpliquée, une douleur la nuit qui ne cède jamais, des os fragiles ou des mois de cortisone, une articulation chaude et gonflée, ou une jambe qui ne vous porte plus : appelez d’abord un médecin.</translation>
        </message>
        <message>
            <source>What is known, and what is not</source>
            <translation>Ce que l’on sait, et ce que l’on ne sait pas</translation>
        </message>
        <message>
            <source>That the muscles of the buttocks “switch off” after much sitting is what physiotherapists observe. It is not an established medical condition, and no study shows that tilt proves anything about these muscles.</source>
            <translation>Que les muscles fessiers « s’éteignent » à force d’être assis, c’est ce qu’observent des kinésithérapeutes. Ce n’est pas une affection médicale établie, et aucune étude ne montre que la bascule prouve quoi que ce soit sur ces muscles.</translation>
        </message>
        <message>
            <source>The shape of the bones alone makes people differ by more than 20°.</source>
            <translation>À elle seule, la forme des os crée des écarts de plus de 20° d’une personne à l’autre.</translation>
        </message>
        <message>
            <source>Tilt hardly moves: in trials exercise and stretching changed it by 1 to 2° at most. What you can win is strength and the habit of moving.</source>
            <translation>La bascule ne bouge guère : dans les études, exercices et étirements ne l’ont changée que de 1 à 2° au plus. Ce que vous pouvez gagner, c’est de la force et l’habitude de bouger.</translation>
        </message>
        <message>
            <source>What to bring</source>
            <translation>Quoi apporter</translation>
        </message>
        <message>
            <source>The PDF report: your checks with their likely ranges, your self-checks, and what you have done so far.</source>
            <translation>Le rapport PDF : vos mesures avec leurs plages probables, vos autotests et ce que vous avez fait jusqu’ici.</translation>
        </message>
        <message>
            <source>Letters and pictures of earlier examinations, and a list of your medicines.</source>
            <translation>Les courriers et les images d’examens antérieurs, et la liste de vos médicaments.</translation>
        </message>
        <message>
            <source>Shorts and a top in which your back and hips can be seen.</source>
            <translation>Un short et un haut qui laissent voir le dos et les hanches.</translation>
        </message>
        <message>
            <source>What to say</source>
            <translation>Quoi dire</translation>
        </message>
        <message>
            <source>Where it hurts or feels weak, since when, what makes it worse and what eases it.</source>
            <translation>Où vous avez mal ou manquez de force, depuis quand, ce qui l’aggrave et ce qui le soulage.</translation>
        </message>
        <message>
            <source>How long you sit on a usual day, and what sport you do.</source>
            <translation>Combien de temps vous restez assis un jour ordinaire, et quel sport vous faites.</translation>
        </message>
        <message>
            <source>What you want to be able to do again.</source>
            <translation>Ce que vous voulez pouvoir refaire.</translation>
        </message>
        <message>
            <source>What to ask</source>
            <translation>Quoi demander</translation>
        </message>
        <message>
            <source>What do you find, and how sure are you of it?</source>
            <translation>Que constatez-vous, et avec quelle certitude ?</translation>
        </message>
        <message>
            <source>Which two or three exercises matter most, how often, and until when?</source>
            <translation>Quels sont les deux ou trois exercices les plus importants, à quelle fréquence, et jusqu’à quand ?</translation>
        </message>
        <message>
            <source>How will I notice if I do too much?</source>
            <translation>À quoi verrai-je que j’en fais trop ?</translation>
        </message>
        <message>
            <source>How to find one</source>
            <translation>Comment en trouver un</translation>
        </message>
        <message>
            <source>Look for somebody with a state licence or registration; the public register of your country lists them, and your doctor or health insurer can name some.</source>
            <translation>Cherchez quelqu’un qui a un diplôme d’État ou une inscription officielle ; le registre public de votre pays les recense, et votre médecin ou votre assurance maladie peut vous en indiquer.</translation>
        </message>
        <message>
            <source>A good first visit begins with questions and an examination, not with a device.</source>
            <translation>Une bonne première séance commence par des questions et un examen, pas par un appareil.</translation>
        </message>
        <message>
            <source>A list of exercises that you are given can be typed in on the Exercises page.</source>
            <translation>Une liste d’exercices qu’on vous remet peut être saisie sur la page Exercices.</translation>
        </message>
        <message>
            <source>Buttock squeeze</source>
            <translation>Contraction des fessiers</translation>
        </message>
        <message>
            <source>Helps you find the muscles again, anywhere and in any clothes.</source>
            <translation>Aide à retrouver ces muscles, partout et dans n’importe quels vêtements.</translation>
        </message>
        <message>
            <source>Stand, or lie face down, and let your thighs go loose.</source>
            <translation>Debout ou à plat ventre, laissez les cuisses se relâcher.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks and hold for five seconds, breathing on.</source>
            <translation>Contractez les deux fessiers et tenez cinq secondes, en continuant à respirer.</translation>
        </message>
        <message>
            <source>Let go entirely. Later: left side alone, then right side alone.</source>
            <translation>Relâchez entièrement. Plus tard : côté gauche seul, puis côté droit seul.</translation>
        </message>
        <message>
            <source>Holding your breath.</source>
            <translation>Retenir sa respiration.</translation>
        </message>
        <message>
            <source>Thighs or belly tense up instead.</source>
            <translation>Les cuisses ou le ventre se crispent à la place.</translation>
        </message>
        <message>
            <source>Not letting go between two squeezes.</source>
            <translation>Ne pas relâcher entre deux contractions.</translation>
        </message>
        <message>
            <source>Bridge</source>
            <translation>Pont fessier</translation>
        </message>
        <message>
            <source>Loads the buttocks and little else.</source>
            <translation>Fait travailler les fessiers et presque rien d’autre.</translation>
        </message>
        <message>
            <source>from the side, from two to three metres away, close to the floor</source>
            <translation>de profil, à deux ou trois mètres, près du sol</translation>
        </message>
        <message>
            <source>Lie on your back, knees bent, feet flat on the floor, as wide as your hips.</source>
            <translation>Allongez-vous sur le dos, genoux pliés, pieds à plat au sol, écartés de la largeur des hanches.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks first, then lift your hips until knees, hips and shoulders are in one line.</source>
            <translation>Contractez d’abord les fessiers, puis levez les hanches jusqu’à aligner genoux, hanches et épaules.</translation>
        </message>
        <message>
            <source>Hold for a moment, lower slowly, and come to rest before the next one.</source>
            <translation>Tenez un instant, baissez lentement, et reposez-vous avant la répétition suivante.</translation>
        </message>
        <message>
            <source>Arching the lower back at the top: stop when the line is straight.</source>
            <translation>Cambrer le bas du dos en haut : arrêtez-vous quand la ligne est droite.</translation>
        </message>
        <message>
            <source>Feet too close or too far away: at the top the knees form a right angle, or one a little wider.</source>
            <translation>Pieds trop près ou trop loin : en haut, les genoux forment un angle droit, ou un peu plus ouvert.</translation>
        </message>
        <message>
            <source>Pushing from the back of the thighs: think of the buttocks.</source>
            <translation>Pousser avec l’arrière des cuisses : pensez aux fessiers.</translation>
        </message>
        <message>
            <source>Single-leg bridge</source>
            <translation>Pont sur une jambe</translation>
        </message>
        <message>
            <source>Each side works by itself, once the bridge has become easy.</source>
            <translation>Chaque côté travaille seul, une fois que le pont est devenu facile.</translation>
        </message>
        <message>
            <source>Come up into a bridge on both feet.</source>
            <translation>Montez en pont sur les deux pieds.</translation>
        </message>
        <message>
            <source>Stretch one leg out in line with your body, and keep both hip bones level.</source>
            <translation>Tendez une jambe dans l’alignement du corps, et gardez les deux os des hanches à la même hauteur.</translation>
        </message>
        <message>
            <source>Hold. Stop as soon as the hip sinks, and change sides.</source>
            <translation>Tenez. Arrêtez dès que la hanche descend, et changez de côté.</translation>
        </message>
        <message>
            <source>The hip of the free leg sinks: put the foot down again.</source>
            <translation>La hanche de la jambe libre descend : reposez le pied.</translation>
        </message>
        <message>
            <source>Arching the lower back.</source>
            <translation>Cambrer le bas du dos.</translation>
        </message>
        <message>
            <source>Side-lying leg lift</source>
            <translation>Lever de jambe sur le côté</translation>
        </message>
        <message>
            <source>Trains the side of the hip, which keeps the pelvis level when you walk.</source>
            <translation>Fait travailler le côté de la hanche, qui maintient le bassin à l’horizontale quand vous marchez.</translation>
        </message>
        <message>
            <source>from the front or from your feet, a little to the front, so that it sees your face</source>
            <translation>de face, ou du côté des pieds, un peu vers l’avant, pour qu’elle voie votre visage</translation>
        </message>
        <message>
            <source>Lie on your side, the lower leg a little bent, the upper one straight.</source>
            <translation>Allongez-vous sur le côté, la jambe du dessous un peu pliée, celle du dessus tendue.</translation>
        </message>
        <message>
            <source>Lift the upper leg until the foot is some 40 to 50 cm up, the thigh slightly behind your body, toes pointing ahead.</source>
            <translation>Levez la jambe du dessus jusqu’à ce que le pied soit à 40 à 50 cm de hauteur, la cuisse légèrement en arrière du corps, les orteils pointés devant vous.</translation>
        </message>
        <message>
            <source>Lower it slowly, and lift again before it comes to rest.</source>
            <translation>Baissez-la lentement, et relevez-la avant qu’elle ne se pose.</translation>
        </message>
        <message>
            <source>The pelvis rolls backward.</source>
            <translation>Le bassin roule vers l’arrière.</translation>
        </message>
        <message>
            <source>The leg comes forward, so that the front of the hip does the work.</source>
            <translation>La jambe vient vers l’avant, et c’est l’avant de la hanche qui travaille.</translation>
        </message>
        <message>
            <source>Lifting too high: the thigh rises by 25 to 40°, no further.</source>
            <translation>Lever trop haut : la cuisse monte de 25 à 40°, pas davantage.</translation>
        </message>
        <message>
            <source>1 set of {repetitions}</source>
            <translation>1 série de {repetitions}</translation>
        </message>
        <message>
            <source>{sets} sets of {repetitions}</source>
            <translation>{sets} séries de {repetitions}</translation>
        </message>
        <message>
            <source>hold {hold} s</source>
            <translation>tenir {hold} s</translation>
        </message>
        <message>
            <source>1 hold of {hold} s</source>
            <translation>1 maintien de {hold} s</translation>
        </message>
        <message>
            <source>{sets} holds of {hold} s</source>
            <translation>{sets} maintiens de {hold} s</translation>
        </message>
        <message>
            <source>each side</source>
            <translation>de chaque côté</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there are {more} more repetitions.</source>
            <translation>Vous avez tout fait les deux derniers jours, il y a donc {more} répétitions de plus.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there is one more repetition.</source>
            <translation>Vous avez tout fait les deux derniers jours, il y a donc une répétition de plus.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so hold {more} s longer.</source>
            <translation>Vous avez tout fait les deux derniers jours, tenez donc {more} s de plus.</translation>
        </message>
        <message>
            <source>This has become easy. Next comes a band or a small weight; the repetitions start again.</source>
            <translation>C’est devenu facile. Vient ensuite un élastique ou un petit poids ; les répétitions repartent du début.</translation>
        </message>
        <message>
            <source>a band or a small weight</source>
            <translation>un élastique ou un petit poids</translation>
        </message>
        <message>
            <source>It hurt last time, so there is less today. Leave it out if it hurts again.</source>
            <translation>Cela a fait mal la dernière fois, il y en a donc moins aujourd’hui. Laissez l’exercice de côté si cela fait mal de nouveau.</translation>
        </message>
        <message>
            <source>It hurt last time, and there is no smaller dose of this. Leave it out until you have asked somebody.</source>
            <translation>Cela a fait mal la dernière fois, et il n’existe pas de dose plus petite. Laissez l’exercice de côté tant que vous n’avez pas demandé conseil.</translation>
        </message>
        <message>
            <source>At least one set.</source>
            <translation>Au moins une série.</translation>
        </message>
        <message>
            <source>{sets} sets are a great many; two or three are usual.</source>
            <translation>{sets} séries, c’est vraiment beaucoup ; deux ou trois sont habituelles.</translation>
        </message>
        <message>
            <source>At least one repetition.</source>
            <translation>Au moins une répétition.</translation>
        </message>
        <message>
            <source>{repetitions} repetitions are a great many; 8 to 15 are usual.</source>
            <translation>{repetitions} répétitions, c’est vraiment beaucoup ; 8 à 15 sont habituelles.</translation>
        </message>
        <message>
            <source>A hold of less than a second cannot be timed; put 0 for none.</source>
            <translation>Un maintien de moins d’une seconde ne peut pas être chronométré ; mettez 0 pour aucun.</translation>
        </message>
        <message>
            <source>{hold} seconds are very long; 2 to 30 are usual.</source>
            <translation>{hold} secondes, c’est très long ; 2 à 30 sont habituelles.</translation>
        </message>
        <message>
            <source>The hold is not a number of seconds; 2 to 30 are usual.</source>
            <translation>Le maintien n’est pas un nombre de secondes ; 2 à 30 sont habituelles.</translation>
        </message>
        <message>
            <source>This exercise alone takes about {minutes} minutes; a whole routine of ten is usual.</source>
            <translation>Cet exercice prend à lui seul environ {minutes} minutes ; un programme entier de dix est habituel.</translation>
        </message>
        <message>
            <source>Two or three days a week are enough; muscles grow on the days between.</source>
            <translation>Deux ou trois jours par semaine suffisent ; les muscles se développent les jours de repos.</translation>
        </message>
        <message>
            <source>Come into the picture</source>
            <translation>Venez dans l’image</translation>
        </message>
        <message>
            <source>Please come into the picture.</source>
            <translation>Venez dans l’image, s’il vous plaît.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>Une seule personne</translation>
        </message>
        <message>
            <source>Please, one person only in the picture.</source>
            <translation>Une seule personne dans l’image, s’il vous plaît.</translation>
        </message>
        <message>
            <source>Whole body, please</source>
            <translation>Le corps entier</translation>
        </message>
        <message>
            <source>Please move so that your whole body is in the picture.</source>
            <translation>Déplacez-vous pour que tout votre corps soit dans l’image.</translation>
        </message>
        <message>
            <source>Lie on your back</source>
            <translation>Allongez-vous sur le dos</translation>
        </message>
        <message>
            <source>Please lie on your back, knees bent.</source>
            <translation>Allongez-vous sur le dos, genoux pliés.</translation>
        </message>
        <message>
            <source>Lie on your side</source>
            <translation>Allongez-vous sur le côté</translation>
        </message>
        <message>
            <source>Please lie on your side.</source>
            <translation>Allongez-vous sur le côté, s’il vous plaît.</translation>
        </message>
        <message>
            <source>Lie across the picture</source>
            <translation>Allongez-vous en travers</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees you from the side.</source>
            <translation>Allongez-vous pour que la caméra vous voie de profil.</translation>
        </message>
        <message>
            <source>Face or feet to the camera</source>
            <translation>Visage ou pieds vers la caméra</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees your front, or your feet from a little in front.</source>
            <translation>Allongez-vous pour que la caméra vous voie de face, ou du côté des pieds, un peu par l’avant.</translation>
        </message>
        <message>
            <source>Bend your knees</source>
            <translation>Pliez les genoux</translation>
        </message>
        <message>
            <source>Please bend your knees, feet flat on the floor.</source>
            <translation>Pliez les genoux, pieds à plat au sol.</translation>
        </message>
        <message>
            <source>Stretch one leg out</source>
            <translation>Tendez une jambe</translation>
        </message>
        <message>
            <source>Please stretch one leg out.</source>
            <translation>Tendez une jambe, s’il vous plaît.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>Levez</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>Levez.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>Tenez</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>Tenez.</translation>
        </message>
        <message>
            <source>Lower slowly</source>
            <translation>Baissez lentement</translation>
        </message>
        <message>
            <source>And lower slowly.</source>
            <translation>Et baissez lentement.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>Done. Well done.</source>
            <translation>C’est fini. Bravo.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>L’image est noire</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>L’image de la caméra est noire. Y a-t-il quelque chose devant ?</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>L’image est figée</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>L’image de la caméra ne bouge plus.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>Pas d’image</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>La caméra n’envoie pas d’image. Veuillez patienter.</translation>
        </message>
        <message>
            <source>A little higher</source>
            <translation>Un peu plus haut</translation>
        </message>
        <message>
            <source>A little higher.</source>
            <translation>Un peu plus haut.</translation>
        </message>
        <message>
            <source>Not quite so high</source>
            <translation>Un peu moins haut</translation>
        </message>
        <message>
            <source>Not quite so high, and do not arch your lower back.</source>
            <translation>Un peu moins haut, et sans cambrer le bas du dos.</translation>
        </message>
        <message>
            <source>Feet further away</source>
            <translation>Pieds plus loin</translation>
        </message>
        <message>
            <source>Put your feet a little further away from you.</source>
            <translation>Éloignez un peu les pieds.</translation>
        </message>
        <message>
            <source>Feet closer</source>
            <translation>Pieds plus près</translation>
        </message>
        <message>
            <source>Put your feet a little closer to you.</source>
            <translation>Rapprochez un peu les pieds de vous.</translation>
        </message>
        <message>
            <source>The hip sinks: rest</source>
            <translation>La hanche descend : repos</translation>
        </message>
        <message>
            <source>The hip sinks. Put the foot down and rest.</source>
            <translation>La hanche descend. Posez le pied et reposez-vous.</translation>
        </message>
        <message>
            <source>Not so high</source>
            <translation>Moins haut</translation>
        </message>
        <message>
            <source>Not so high.</source>
            <translation>Moins haut.</translation>
        </message>
        <message>
            <source>Leg further back</source>
            <translation>Jambe plus en arrière</translation>
        </message>
        <message>
            <source>Take the leg a little further back.</source>
            <translation>Amenez la jambe un peu plus en arrière.</translation>
        </message>
        <message>
            <source>Leg less far back</source>
            <translation>Jambe moins en arrière</translation>
        </message>
        <message>
            <source>Not quite so far back with the leg.</source>
            <translation>La jambe un peu moins en arrière.</translation>
        </message>
        <message>
            <source>Hips still, toes to the front</source>
            <translation>Hanches fixes, orteils devant</translation>
        </message>
        <message>
            <source>Roll your hips a little forward, and point your toes to the front.</source>
            <translation>Roulez un peu les hanches vers l’avant et pointez les orteils devant vous.</translation>
        </message>
        <message>
            <source>Slower</source>
            <translation>Plus lentement</translation>
        </message>
        <message>
            <source>Slower, please.</source>
            <translation>Plus lentement, s’il vous plaît.</translation>
        </message>
    </context>
</TS>
