<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>vision.atomic_write</name>
        <message>
            <source>it is a folder</source>
            <translation>es ist ein Ordner</translation>
        </message>
    </context>
    <context>
        <name>vision.camera.capture</name>
        <message>
            <source>No camera was found.</source>
            <translation>Es wurde keine Kamera gefunden.</translation>
        </message>
        <message>
            <source>Connect one and try again, or open a photograph instead.</source>
            <translation>Schließen Sie eine an und versuchen Sie es noch einmal, oder öffnen Sie stattdessen ein Foto.</translation>
        </message>
        <message>
            <source>This camera is not connected.</source>
            <translation>Diese Kamera ist nicht angeschlossen.</translation>
        </message>
        <message>
            <source>Connect it and try again, or choose another one.</source>
            <translation>Schließen Sie sie an und versuchen Sie es noch einmal, oder wählen Sie eine andere.</translation>
        </message>
        <message>
            <source>The camera cannot be opened.</source>
            <translation>Die Kamera lässt sich nicht öffnen.</translation>
        </message>
        <message>
            <source>Close other programs that use it, allow this program to use it in the settings of your computer, then try again.</source>
            <translation>Schließen Sie andere Programme, die sie verwenden, erlauben Sie Beltline in den Einstellungen Ihres Computers den Zugriff auf die Kamera und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The camera sends no pictures any more.</source>
            <translation>Die Kamera liefert keine Bilder mehr.</translation>
        </message>
        <message>
            <source>Check its cable and that no other program took it over, then try again.</source>
            <translation>Prüfen Sie das Kabel und ob ein anderes Programm die Kamera verwendet, und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>There is no such film.</source>
            <translation>Dieses Video gibt es nicht.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>Prüfen Sie den Namen und den Ordner, in dem die Datei liegen soll.</translation>
        </message>
        <message>
            <source>The film cannot be played.</source>
            <translation>Das Video lässt sich nicht abspielen.</translation>
        </message>
        <message>
            <source>Choose one saved as MP4 or AVI.</source>
            <translation>Wählen Sie eines, das als MP4 oder AVI gespeichert ist.</translation>
        </message>
        <message>
            <source>Nothing answers at this address.</source>
            <translation>Unter dieser Adresse antwortet nichts.</translation>
        </message>
        <message>
            <source>Check the address, and that the camera there is on and in the same network.</source>
            <translation>Prüfen Sie die Adresse und ob die Kamera dort eingeschaltet und im selben Netzwerk ist.</translation>
        </message>
        <message>
            <source>The camera wants a name and a password.</source>
            <translation>Die Kamera verlangt einen Namen und ein Passwort.</translation>
        </message>
        <message>
            <source>Type the address again with both in it, such as http://NAME:PASSWORD@192.168.0.20/video.</source>
            <translation>Geben Sie die Adresse noch einmal mit beidem ein, zum Beispiel http://NAME:PASSWORT@192.168.0.20/video.</translation>
        </message>
        <message>
            <source>There are no pictures to be had at this address.</source>
            <translation>Unter dieser Adresse gibt es keine Bilder.</translation>
        </message>
        <message>
            <source>Look in the camera's settings for the address of its MJPEG or RTSP stream.</source>
            <translation>Suchen Sie in den Einstellungen der Kamera die Adresse ihres MJPEG- oder RTSP-Streams.</translation>
        </message>
        <message>
            <source>The camera's pictures are damaged or far too large.</source>
            <translation>Die Bilder der Kamera sind beschädigt oder viel zu groß.</translation>
        </message>
        <message>
            <source>Choose smaller pictures in the camera's settings, then start the camera again.</source>
            <translation>Wählen Sie in den Einstellungen der Kamera kleinere Bilder und starten Sie die Kamera neu.</translation>
        </message>
        <message>
            <source>The camera has stopped sending new pictures.</source>
            <translation>Die Kamera liefert keine neuen Bilder mehr.</translation>
        </message>
        <message>
            <source>Wait a moment; if none come, check its cable or its network.</source>
            <translation>Warten Sie einen Moment; wenn keine kommen, prüfen Sie das Kabel oder das Netzwerk.</translation>
        </message>
        <message>
            <source>The camera's picture is black.</source>
            <translation>Das Kamerabild ist schwarz.</translation>
        </message>
        <message>
            <source>Take the cover off the lens, and switch on a light.</source>
            <translation>Nehmen Sie die Abdeckung vom Objektiv und machen Sie Licht an.</translation>
        </message>
        <message>
            <source>The camera sends the same picture again and again.</source>
            <translation>Die Kamera liefert immer wieder dasselbe Bild.</translation>
        </message>
        <message>
            <source>If it does not recover by itself, unplug the camera and plug it in again, or start the camera app again.</source>
            <translation>Wenn es sich nicht von selbst gibt, trennen Sie die Kamera vom Computer und schließen Sie sie wieder an, oder starten Sie die Kamera-App neu.</translation>
        </message>
        <message>
            <source>The film has ended.</source>
            <translation>Das Video ist zu Ende.</translation>
        </message>
        <message>
            <source>Start it again.</source>
            <translation>Starten Sie es noch einmal.</translation>
        </message>
        <message>
            <source>There is no camera with the number {number}.</source>
            <translation>Eine Kamera mit der Nummer {number} gibt es nicht.</translation>
        </message>
        <message>
            <source>There is no camera and no film called '{name}'.</source>
            <translation>Es gibt weder eine Kamera noch ein Video mit dem Namen „{name}“.</translation>
        </message>
        <message>
            <source>Several cameras have a name that begins with '{name}'.</source>
            <translation>Die Namen mehrerer Kameras beginnen mit „{name}“.</translation>
        </message>
        <message>
            <source>No camera is connected; connect one, or give a film or the address of a stream.</source>
            <translation>Es ist keine Kamera angeschlossen; schließen Sie eine an oder geben Sie ein Video oder die Adresse eines Streams an.</translation>
        </message>
        <message>
            <source>Connected: {cameras}.</source>
            <translation>Angeschlossen: {cameras}.</translation>
        </message>
    </context>
    <context>
        <name>vision.marks.points</name>
        <message>
            <source>The ASIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>Der SIAS-Punkt ({x:g}, {y:g}) liegt außerhalb des Bildes.</translation>
        </message>
        <message>
            <source>The PSIS point ({x:g}, {y:g}) is outside the picture.</source>
            <translation>Der SIPS-Punkt ({x:g}, {y:g}) liegt außerhalb des Bildes.</translation>
        </message>
        <message>
            <source>The ASIS point and the PSIS point are the same.</source>
            <translation>Der SIAS-Punkt und der SIPS-Punkt sind derselbe.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back.</source>
            <translation>Markieren Sie den Knochenpunkt vorn und das Grübchen hinten.</translation>
        </message>
        <message>
            <source>An end of the vertical ({x:g}, {y:g}) is outside the picture.</source>
            <translation>Ein Ende der Senkrechten ({x:g}, {y:g}) liegt außerhalb des Bildes.</translation>
        </message>
        <message>
            <source>Both ends of the vertical are the same point.</source>
            <translation>Beide Enden der Senkrechten sind derselbe Punkt.</translation>
        </message>
        <message>
            <source>Give two points on something plumb, such as a door frame.</source>
            <translation>Geben Sie zwei Punkte auf etwas Senkrechtem an, zum Beispiel auf einem Türrahmen.</translation>
        </message>
        <message>
            <source>The vertical leans by {angle:.0f} degrees, too far to be plumb.</source>
            <translation>Die Senkrechte ist um {angle:.0f} Grad geneigt; das ist zu viel für ein Lot.</translation>
        </message>
        <message>
            <source>The picture is {width} pixels wide and {height} high.</source>
            <translation>Das Bild ist {width} Pixel breit und {height} Pixel hoch.</translation>
        </message>
    </context>
    <context>
        <name>vision.model_files</name>
        <message>
            <source>Install Beltline again.</source>
            <translation>Installieren Sie Beltline neu.</translation>
        </message>
        <message>
            <source>The model file {name} is not in the list of tested models.</source>
            <translation>Die Modelldatei {name} steht nicht auf der Liste der geprüften Modelle.</translation>
        </message>
        <message>
            <source>The model file {name} is missing or cannot be read.</source>
            <translation>Die Modelldatei {name} fehlt oder ist nicht lesbar.</translation>
        </message>
        <message>
            <source>The model file {name} is damaged.</source>
            <translation>Die Modelldatei {name} ist beschädigt.</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.build</name>
        <message>
            <source>from marked points</source>
            <translation>aus markierten Punkten</translation>
        </message>
        <message>
            <source>from the stickers</source>
            <translation>aus den Klebepunkten</translation>
        </message>
        <message>
            <source>from the body outline</source>
            <translation>aus dem Körperumriss</translation>
        </message>
        <message>
            <source>from the body outline, calibrated</source>
            <translation>aus dem Körperumriss, kalibriert</translation>
        </message>
        <message>
            <source>the belt line, not the pelvis</source>
            <translation>die Gürtellinie, nicht das Becken</translation>
        </message>
        <message>
            <source>No number</source>
            <translation>Keine Zahl</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>vorderer Punkt</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>hinterer Punkt</translation>
        </message>
    </context>
    <context>
        <name>vision.overlay.raster</name>
        <message>
            <source>Give a file name that ends in .png, .jpg or .webp.</source>
            <translation>Geben Sie einen Dateinamen an, der auf .png, .jpg oder .webp endet.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': the name does not say which format.</source>
            <translation>Das Bild mit der Messung kann nicht in „{out}“ geschrieben werden: Am Namen ist das Format nicht zu erkennen.</translation>
        </message>
        <message>
            <source>the file is read-only</source>
            <translation>die Datei ist schreibgeschützt</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>Wählen Sie einen Namen in einem vorhandenen Ordner, in den Sie schreiben dürfen und auf dessen Datenträger Platz ist.</translation>
        </message>
        <message>
            <source>The overlay cannot be written to '{out}': {why}.</source>
            <translation>Das Bild mit der Messung kann nicht in „{out}“ geschrieben werden: {why}.</translation>
        </message>
    </context>
    <context>
        <name>vision.pipeline</name>
        <message>
            <source>Nobody was found at the place that was chosen.</source>
            <translation>An der gewählten Stelle wurde niemand gefunden.</translation>
        </message>
        <message>
            <source>Choose a place on a person's body.</source>
            <translation>Wählen Sie eine Stelle auf dem Körper einer Person.</translation>
        </message>
        <message>
            <source>The method needs the two bony points.</source>
            <translation>Diese Methode braucht die beiden Knochenpunkte.</translation>
        </message>
        <message>
            <source>Give both the ASIS and the PSIS point.</source>
            <translation>Geben Sie beide Punkte an, SIAS und SIPS.</translation>
        </message>
        <message>
            <source>Stickers cannot be asked for.</source>
            <translation>Klebepunkte lassen sich nicht als Methode wählen.</translation>
        </message>
        <message>
            <source>They are used by themselves wherever two are seen.</source>
            <translation>Sie werden von selbst verwendet, sobald zwei zu sehen sind.</translation>
        </message>
    </context>
    <context>
        <name>vision.reasons</name>
        <message>
            <source>Nobody could be found in the picture.</source>
            <translation>Auf dem Bild ist niemand zu finden.</translation>
        </message>
        <message>
            <source>Stand side-on with your whole body in the picture, your face not covered, in good light.</source>
            <translation>Stellen Sie sich bei gutem Licht seitlich zur Kamera, mit dem ganzen Körper im Bild und unverdecktem Gesicht.</translation>
        </message>
        <message>
            <source>There are {} people of similar size in the picture.</source>
            <translation>Auf dem Bild sind {} ähnlich große Personen.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, and no mirror in view.</source>
            <translation>Machen Sie das Bild mit nur einer Person und ohne Spiegel im Blickfeld.</translation>
        </message>
        <message>
            <source>The person you chose touches somebody else in the picture, or stands too close.</source>
            <translation>Die gewählte Person berührt auf dem Bild jemand anderen oder steht zu dicht daneben.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone, or with a clear gap between people.</source>
            <translation>Machen Sie das Bild mit nur einer Person oder mit deutlichem Abstand zwischen den Personen.</translation>
        </message>
        <message>
            <source>The person does not seem to stand upright on straight legs, with both feet side by side.</source>
            <translation>Die Person scheint nicht aufrecht auf gestreckten Beinen zu stehen, mit beiden Füßen nebeneinander.</translation>
        </message>
        <message>
            <source>Stand relaxed and side-on, both knees straight, both feet side by side on the floor.</source>
            <translation>Stehen Sie locker und seitlich zur Kamera, beide Knie gestreckt, beide Füße nebeneinander auf dem Boden.</translation>
        </message>
        <message>
            <source>The picture seems to be turned on its side or upside down.</source>
            <translation>Das Bild scheint auf der Seite zu liegen oder auf dem Kopf zu stehen.</translation>
        </message>
        <message>
            <source>Turn the picture so that the feet are at the bottom, then try again.</source>
            <translation>Drehen Sie das Bild so, dass die Füße unten sind, und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Part of the body is outside the picture.</source>
            <translation>Ein Teil des Körpers ist nicht im Bild.</translation>
        </message>
        <message>
            <source>Step back until everything from the head to the feet is in the picture.</source>
            <translation>Gehen Sie so weit zurück, dass alles von Kopf bis Fuß im Bild ist.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>Der Körper ist um etwa {} Grad aus der Seitenansicht gedreht.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>Drehen Sie sich, bis eine Schulter genau zur Kamera zeigt.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees, so the camera was probably tilted.</source>
            <translation>Der ganze Körper neigt sich um etwa {} Grad; wahrscheinlich stand die Kamera schief.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>Halten Sie die Kamera gerade oder markieren Sie etwas Senkrechtes, zum Beispiel einen Türrahmen.</translation>
        </message>
        <message>
            <source>The person is too small in the picture: {} pixels from hip to shoulder.</source>
            <translation>Die Person ist zu klein im Bild: {} Pixel von der Hüfte bis zur Schulter.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>Gehen Sie näher heran oder nehmen Sie eine höhere Auflösung: Am besten sind mindestens 200 Pixel.</translation>
        </message>
        <message>
            <source>The picture is too dark.</source>
            <translation>Das Bild ist zu dunkel.</translation>
        </message>
        <message>
            <source>Turn on more light and keep it in front of the person, not behind.</source>
            <translation>Machen Sie mehr Licht, und zwar vor der Person, nicht hinter ihr.</translation>
        </message>
        <message>
            <source>The picture is blurred.</source>
            <translation>Das Bild ist unscharf.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm, stand still and use more light.</source>
            <translation>Stellen Sie die Kamera auf etwas Festes, stehen Sie still und machen Sie mehr Licht.</translation>
        </message>
        <message>
            <source>The two marked points do not lie on the pelvis of the person found.</source>
            <translation>Die beiden markierten Punkte liegen nicht am Becken der gefundenen Person.</translation>
        </message>
        <message>
            <source>Mark the bony point at the front and the dimple at the back once more.</source>
            <translation>Markieren Sie den Knochenpunkt vorn und das Grübchen hinten noch einmal.</translation>
        </message>
        <message>
            <source>No belt line can be seen in the picture.</source>
            <translation>Auf dem Bild ist keine Gürtellinie zu sehen.</translation>
        </message>
        <message>
            <source>Tuck the top in, or wear a belt or trousers of another colour than the top.</source>
            <translation>Stecken Sie das Oberteil in den Bund oder tragen Sie einen Gürtel oder eine Hose in einer anderen Farbe als das Oberteil.</translation>
        </message>
        <message>
            <source>The angles lie up to {} degrees apart, too far for repeats of one stance.</source>
            <translation>Die Winkel liegen bis zu {} Grad auseinander, zu weit für Wiederholungen im gleichen Stand.</translation>
        </message>
        <message>
            <source>Each time, march five steps on the spot, stand relaxed, look ahead, breathe out; same arms and clothes, camera on something firm.</source>
            <translation>Jedes Mal: fünf Schritte auf der Stelle gehen, locker stehen, geradeaus schauen, ausatmen; Arme und Kleidung gleich, Kamera auf etwas Festem.</translation>
        </message>
        <message>
            <source>The photographs were measured in different ways, which cannot be put together.</source>
            <translation>Die Fotos wurden auf verschiedene Weise gemessen und lassen sich nicht zusammenfassen.</translation>
        </message>
        <message>
            <source>Measure all of them in the same way, for example from the outline of the body.</source>
            <translation>Messen Sie alle auf dieselbe Weise, zum Beispiel anhand des Körperumrisses.</translation>
        </message>
        <message>
            <source>Fewer than two different photographs could be measured.</source>
            <translation>Weniger als zwei verschiedene Fotos ließen sich messen.</translation>
        </message>
        <message>
            <source>Take two or more pictures of the same stance; five are best.</source>
            <translation>Machen Sie zwei oder mehr Bilder im gleichen Stand; am besten fünf.</translation>
        </message>
        <message>
            <source>The clothing seems too loose to calibrate by.</source>
            <translation>Die Kleidung scheint für eine Kalibrierung zu weit zu sein.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>Tragen Sie etwas, das an Taille und Hüfte eng anliegt.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour.</source>
            <translation>Am Becken ist etwas wie ein farbiger Klebepunkt, aber es sind nicht genau zwei in einer Farbe.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>Zeigen Sie zwei Klebepunkte in einer Farbe: einen auf dem Knochenpunkt vorn, einen auf dem Grübchen hinten.</translation>
        </message>
        <message>
            <source>Nothing in the picture shows where the bones are.</source>
            <translation>Nichts auf dem Bild zeigt, wo die Knochen sind.</translation>
        </message>
        <message>
            <source>Put a sticker on the bony point at the front and one of the same colour on the dimple at the back, or mark both points.</source>
            <translation>Kleben Sie einen Punkt auf den Knochenpunkt vorn und einen in derselben Farbe auf das Grübchen hinten, oder markieren Sie beide Punkte.</translation>
        </message>
        <message>
            <source>The pictures do not agree: what they say differs by up to {} degrees.</source>
            <translation>Die Bilder passen nicht zusammen: Die Ergebnisse unterscheiden sich um bis zu {} Grad.</translation>
        </message>
        <message>
            <source>See that all of them show the same person with both marks on the bones, and take them again.</source>
            <translation>Achten Sie darauf, dass alle dieselbe Person mit beiden Markierungen auf den Knochen zeigen, und machen Sie sie noch einmal.</translation>
        </message>
        <message>
            <source>The marks and the outline of the body differ by {} degrees, more than in any body.</source>
            <translation>Markierungen und Körperumriss unterscheiden sich um {} Grad, mehr, als bei einem Körper vorkommt.</translation>
        </message>
        <message>
            <source>See that one mark is on the bony point at the front and the other on the dimple at the back, and take the picture again.</source>
            <translation>Achten Sie darauf, dass eine Markierung auf dem Knochenpunkt vorn liegt und die andere auf dem Grübchen hinten, und machen Sie das Bild noch einmal.</translation>
        </message>
        <message>
            <source>The pictures were taken up to {} days apart, and a body changes.</source>
            <translation>Zwischen den Bildern liegen bis zu {} Tage, und ein Körper verändert sich.</translation>
        </message>
        <message>
            <source>Use pictures of one day.</source>
            <translation>Nehmen Sie Bilder vom selben Tag.</translation>
        </message>
        <message>
            <source>No clear movement of the pelvis was seen between tucked and arched.</source>
            <translation>Zwischen eingezogenem und herausgestrecktem Po war keine deutliche Bewegung des Beckens zu sehen.</translation>
        </message>
        <message>
            <source>Arch and tuck as far as is comfortable, and hold each position for two seconds.</source>
            <translation>Strecken Sie den Po so weit heraus und ziehen Sie ihn so weit ein, wie es angenehm ist, und halten Sie jede Position zwei Sekunden.</translation>
        </message>
        <message>
            <source>The pelvis was tilted further forward when tucked than when arched.</source>
            <translation>Mit eingezogenem Po war das Becken weiter nach vorn gekippt als mit herausgestrecktem.</translation>
        </message>
        <message>
            <source>To arch, stick your bottom out; to tuck, pull your bottom under.</source>
            <translation>Einmal den Po nach hinten herausstrecken, einmal unter den Körper einziehen.</translation>
        </message>
        <message>
            <source>Not all three positions could be measured: tucked, relaxed and arched.</source>
            <translation>Nicht alle drei Positionen ließen sich messen: Po eingezogen, locker und Po herausgestreckt.</translation>
        </message>
        <message>
            <source>Take a new picture of each position that is missing.</source>
            <translation>Machen Sie von jeder fehlenden Position ein neues Bild.</translation>
        </message>
        <message>
            <source>The test ended before two rounds were complete.</source>
            <translation>Der Test endete, bevor zwei Runden vollständig waren.</translation>
        </message>
        <message>
            <source>Stay side-on in the picture until the test says that it is done.</source>
            <translation>Bleiben Sie seitlich im Bild, bis der Test meldet, dass er fertig ist.</translation>
        </message>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>Es ist noch jemand im Bild; gemessen wurde die größte Person.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>Machen Sie das Bild mit nur einer Person.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>Es sind noch andere im Bild; gemessen wurde die Person, die Sie gewählt haben.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>Die Füße sind nicht ganz im Bild.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>Gehen Sie zurück, bis die Füße im Bild sind.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>Der ganze Körper neigt sich um etwa {} Grad; vielleicht stand die Kamera schief.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>Die Person ist ziemlich klein im Bild: {} Pixel von der Hüfte bis zur Schulter.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>Das Bild ist ziemlich dunkel.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>Machen Sie mehr Licht.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>Das Bild ist etwas unscharf.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>Stellen Sie die Kamera auf etwas Festes und stehen Sie still.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>Ein Arm oder eine Hand verdeckt einen Teil des Beckens.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>Legen Sie die Fäuste an die Schlüsselbeine.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>Die Kleidung scheint weit zu sein; das verdeckt den Körperumriss.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>Der Kopf war nicht zu sehen; dadurch ist der Winkel weniger sicher.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>Zeigen Sie möglichst auch den Kopf; das Gesicht können Sie auf dem Bild hinterher abdecken.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>Es wurde angenommen, dass die Kamera gerade stand.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>Eine schiefe Kamera verfälscht den Winkel um genau so viel, wie sie schief steht. Genauer wird es, wenn Sie etwas Senkrechtes markieren, zum Beispiel einen Türrahmen.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>Am Becken ist etwas wie ein farbiger Klebepunkt, aber es sind nicht genau zwei in einer Farbe. Er wurde deshalb nicht verwendet.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>Die Kamera stand etwa {} cm über der Hüfte.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>Stellen Sie sie auf Hüfthöhe.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>Die Kamera stand etwa {} cm unter der Hüfte.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>Dasselbe Bild ist mehrmals dabei und wurde einmal gezählt.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>Machen Sie für jede Wiederholung ein neues Bild und gehen Sie dazwischen kurz weg.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>Die Kalibrierung ist über ein Jahr alt.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>Kalibrieren Sie neu, auch immer dann, wenn sich Ihr Gewicht stark verändert hat.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>Die Kalibrierung gehört zu einer früheren Version von Beltline und wurde nicht verwendet.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>Kalibrieren Sie neu.</translation>
        </message>
        <message>
            <source>There is no such file.</source>
            <translation>Diese Datei gibt es nicht.</translation>
        </message>
        <message>
            <source>Check the name and the folder it should be in.</source>
            <translation>Prüfen Sie den Namen und den Ordner, in dem die Datei liegen soll.</translation>
        </message>
        <message>
            <source>This is a folder, not a photograph.</source>
            <translation>Das ist ein Ordner, kein Foto.</translation>
        </message>
        <message>
            <source>Choose a photograph inside it.</source>
            <translation>Wählen Sie ein Foto aus diesem Ordner.</translation>
        </message>
        <message>
            <source>This is not an ordinary file.</source>
            <translation>Das ist keine gewöhnliche Datei.</translation>
        </message>
        <message>
            <source>Choose a photograph that is saved on a disk.</source>
            <translation>Wählen Sie ein Foto, das auf einem Datenträger gespeichert ist.</translation>
        </message>
        <message>
            <source>You do not have permission to read this file.</source>
            <translation>Sie dürfen diese Datei nicht lesen.</translation>
        </message>
        <message>
            <source>Allow reading it in its properties, or copy it into a folder of your own.</source>
            <translation>Erlauben Sie in den Eigenschaften der Datei das Lesen oder kopieren Sie sie in einen eigenen Ordner.</translation>
        </message>
        <message>
            <source>The file cannot be opened.</source>
            <translation>Die Datei lässt sich nicht öffnen.</translation>
        </message>
        <message>
            <source>Copy it to a folder on this computer and try again.</source>
            <translation>Kopieren Sie sie in einen Ordner auf diesem Computer und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>Die Datei ist leer.</translation>
        </message>
        <message>
            <source>Copy it again from the phone or camera.</source>
            <translation>Kopieren Sie sie noch einmal vom Handy oder von der Kamera.</translation>
        </message>
        <message>
            <source>The file is not a picture of a kind that can be read.</source>
            <translation>Die Datei ist kein Bild in einem lesbaren Format.</translation>
        </message>
        <message>
            <source>Choose a photograph saved as JPEG, PNG, WebP, TIFF or HEIC.</source>
            <translation>Wählen Sie ein Foto, das als JPEG, PNG, WebP, TIFF oder HEIC gespeichert ist.</translation>
        </message>
        <message>
            <source>The file is a film, not a photograph.</source>
            <translation>Die Datei ist ein Video, kein Foto.</translation>
        </message>
        <message>
            <source>Save one picture of it as JPEG or PNG and choose that.</source>
            <translation>Speichern Sie ein Bild daraus als JPEG oder PNG und wählen Sie dieses.</translation>
        </message>
        <message>
            <source>The file holds moving pictures, not one photograph.</source>
            <translation>Die Datei enthält bewegte Bilder, kein einzelnes Foto.</translation>
        </message>
        <message>
            <source>The picture is damaged or incomplete.</source>
            <translation>Das Bild ist beschädigt oder unvollständig.</translation>
        </message>
        <message>
            <source>Copy or download it again, or save it again as JPEG or PNG.</source>
            <translation>Kopieren Sie es noch einmal, laden Sie es noch einmal herunter oder speichern Sie es neu als JPEG oder PNG.</translation>
        </message>
        <message>
            <source>Save it smaller, for example 4000 pixels along its longer side.</source>
            <translation>Speichern Sie es kleiner, zum Beispiel mit 4000 Pixeln an der längeren Seite.</translation>
        </message>
        <message>
            <source>The picture is too large: {width} by {height} pixels, and at most {most} megapixels can be read.</source>
            <translation>Das Bild ist zu groß: {width} mal {height} Pixel; lesbar sind höchstens {most} Megapixel.</translation>
        </message>
        <message>
            <source>The picture is too large to be read into memory.</source>
            <translation>Das Bild ist zu groß für den Arbeitsspeicher.</translation>
        </message>
        <message>
            <source>Save it smaller, for example as a JPEG with 4000 pixels along its longer side.</source>
            <translation>Speichern Sie es kleiner, zum Beispiel als JPEG mit 4000 Pixeln an der längeren Seite.</translation>
        </message>
    </context>
    <context>
        <name>vision.result</name>
        <message>
            <source>forward</source>
            <translation>nach vorn</translation>
        </message>
        <message>
            <source>backward</source>
            <translation>nach hinten</translation>
        </message>
        <message>
            <source>lower</source>
            <translation>tiefer</translation>
        </message>
        <message>
            <source>higher</source>
            <translation>höher</translation>
        </message>
        <message>
            <source>{angle}° {direction} ({interval})</source>
            <translation>{angle}° {direction} ({interval})</translation>
        </message>
        <message>
            <source>{angle}° {direction} in front ({interval})</source>
            <translation>{angle}° vorn {direction} ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0° waagerecht ({interval})</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>{first} bis {last}</translation>
        </message>
    </context>
    <context>
        <name>app.errors</name>
        <message>
            <source>On Debian or Ubuntu, install libgl1, libegl1, libgles2 and libglib2.0-0; else install Beltline again.</source>
            <translation>Installieren Sie unter Debian oder Ubuntu libgl1, libegl1, libgles2 und libglib2.0-0; installieren Sie sonst Beltline neu.</translation>
        </message>
        <message>
            <source>A library that measuring needs cannot be loaded ({error}).</source>
            <translation>Eine Bibliothek, die zum Messen nötig ist, lässt sich nicht laden ({error}).</translation>
        </message>
        <message>
            <source>Start the reminder by hand, or try again later.</source>
            <translation>Starten Sie die Erinnerung von Hand oder versuchen Sie es später noch einmal.</translation>
        </message>
        <message>
            <source>What starts with your session could not be changed ({why}).</source>
            <translation>Was bei der Anmeldung startet, konnte nicht geändert werden ({why}).</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.sharing_text</name>
        <message>
            <source>Save list as file…</source>
            <translation>Liste als Datei speichern…</translation>
        </message>
        <message>
            <source>Open list…</source>
            <translation>Liste öffnen…</translation>
        </message>
        <message>
            <source>One file with the exercises, their sets and pictures, to give to somebody</source>
            <translation>Eine Datei mit den Übungen, ihren Sätzen und Bildern, zum Weitergeben</translation>
        </message>
        <message>
            <source>Look at a list that somebody gave you as a file; nothing changes until you say so</source>
            <translation>Eine Liste ansehen, die Sie als Datei bekommen haben; geändert wird erst etwas, wenn Sie es sagen</translation>
        </message>
        <message>
            <source>Lists of exercises (*{suffix})</source>
            <translation>Übungslisten (*{suffix})</translation>
        </message>
        <message>
            <source>exercises</source>
            <translation>uebungen</translation>
        </message>
        <message>
            <source>Your list is in the file now: {contents}.</source>
            <translation>Ihre Liste ist jetzt in der Datei: {contents}.</translation>
        </message>
        <message>
            <source>{exercises}, {pictures}</source>
            <translation>{exercises}, {pictures}</translation>
        </message>
        <message numerus="yes">
            <source>{count} exercises</source>
            <translation>
                <numerusform>1 Übung</numerusform>
                <numerusform>{count} Übungen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>1 Bild</numerusform>
                <numerusform>{count} Bilder</numerusform>
            </translation>
        </message>
        <message>
            <source>A list from a file</source>
            <translation>Eine Liste aus einer Datei</translation>
        </message>
        <message>
            <source>From {practice}, {day}</source>
            <translation>Von {practice}, {day}</translation>
        </message>
        <message>
            <source>No practice is named. Made on {day}</source>
            <translation>Keine Praxis genannt. Erstellt am {day}</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of yours. Undo brings yours back.</source>
            <translation>Wenn Sie diese Liste benutzen, ersetzt sie Ihre. „Rückgängig“ bringt Ihre zurück.</translation>
        </message>
        <message>
            <source>If you use this list, it takes the place of the usual routine.</source>
            <translation>Wenn Sie diese Liste benutzen, ersetzt sie das übliche Programm.</translation>
        </message>
        <message>
            <source>Use it only if you know who made it, and stop when something hurts.</source>
            <translation>Benutzen Sie sie nur, wenn Sie wissen, wer sie gemacht hat, und hören Sie auf, wenn etwas wehtut.</translation>
        </message>
        <message>
            <source>Use this list</source>
            <translation>Diese Liste benutzen</translation>
        </message>
        <message>
            <source>Leave everything as it is</source>
            <translation>Alles lassen, wie es ist</translation>
        </message>
        <message>
            <source>Your list is now the one from the file.</source>
            <translation>Ihre Liste ist jetzt die aus der Datei.</translation>
        </message>
        <message>
            <source>Took over a list from a file</source>
            <translation>Liste aus einer Datei übernommen</translation>
        </message>
        <message>
            <source>How: {how}</source>
            <translation>So geht es: {how}</translation>
        </message>
        <message>
            <source>Use this list in place of the one of {name}?</source>
            <translation>Diese Liste statt der von {name} benutzen?</translation>
        </message>
        <message>
            <source>Nothing was changed.</source>
            <translation>Es wurde nichts geändert.</translation>
        </message>
        <message>
            <source>{name} has this list now: {contents}.</source>
            <translation>{name} hat jetzt diese Liste: {contents}.</translation>
        </message>
        <message>
            <source>The one before comes back with: beltline exercises undo.</source>
            <translation>Die vorige kommt zurück mit: beltline exercises undo.</translation>
        </message>
        <message>
            <source>{name} has no list, and the usual routine needs no file.</source>
            <translation>{name} hat keine Liste, und das übliche Programm braucht keine Datei.</translation>
        </message>
        <message>
            <source>Type one in on the Exercises page, or take one over with: beltline exercises import.</source>
            <translation>Geben Sie auf der Seite „Übungen“ eine ein, oder übernehmen Sie eine mit: beltline exercises import.</translation>
        </message>
        <message>
            <source>The newest list of {name} is in the bin; what was used before is used again.</source>
            <translation>Die neueste Liste von {name} ist im Papierkorb; es gilt wieder, was vorher galt.</translation>
        </message>
        <message>
            <source>{name} has no list that could be taken back.</source>
            <translation>{name} hat keine Liste, die zurückgenommen werden könnte.</translation>
        </message>
        <message>
            <source>{contents} written to {path}</source>
            <translation>{contents} geschrieben nach {path}</translation>
        </message>
        <message>
            <source>{number}. {name}: {dose}</source>
            <translation>{number}. {name}: {dose}</translation>
        </message>
        <message>
            <source>{line}, with a picture</source>
            <translation>{line}, mit Bild</translation>
        </message>
        <message>
            <source>The list cannot be written to '{path}' ({why}).</source>
            <translation>Die Liste kann nicht nach „{path}“ geschrieben werden ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no list of exercises of Beltline's.</source>
            <translation>Die Datei „{name}“ ist keine Übungsliste von Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>Wählen Sie eine {suffix}-Datei, die Beltline geschrieben hat.</translation>
        </message>
        <message>
            <source>The list in '{name}' was made by a newer version of Beltline.</source>
            <translation>Die Liste in „{name}“ stammt von einer neueren Version von Beltline.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then open it again.</source>
            <translation>Installieren Sie die neueste Version von Beltline und öffnen Sie sie dann noch einmal.</translation>
        </message>
        <message>
            <source>The file '{name}' is larger than any list of exercises that Beltline writes.</source>
            <translation>Die Datei „{name}“ ist größer als jede Übungsliste, die Beltline schreibt.</translation>
        </message>
        <message>
            <source>The list in '{name}' is damaged or was changed, so nothing was taken from it.</source>
            <translation>Die Liste in „{name}“ ist beschädigt oder wurde verändert; es wurde nichts daraus übernommen.</translation>
        </message>
        <message>
            <source>Ask whoever made it to send it once more.</source>
            <translation>Lassen Sie sich die Datei noch einmal schicken.</translation>
        </message>
        <message>
            <source>The name '{path}' does not say that a list of exercises is to be written.</source>
            <translation>Der Name „{path}“ sagt nicht, dass eine Übungsliste geschrieben werden soll.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffix}.</source>
            <translation>Geben Sie einen Namen an, der auf {suffix} endet.</translation>
        </message>
        <message>
            <source>The list has {count} exercises, and a file takes at most {most}.</source>
            <translation>Die Liste hat {count} Übungen, und in eine Datei passen höchstens {most}.</translation>
        </message>
        <message>
            <source>Make two lists of it.</source>
            <translation>Machen Sie zwei Listen daraus.</translation>
        </message>
        <message>
            <source>Something in the list makes no sense, so nobody could open the file.</source>
            <translation>Etwas in der Liste ergibt keinen Sinn, und so könnte niemand die Datei öffnen.</translation>
        </message>
        <message>
            <source>Open the list in the editor, look at the lines with a remark, and save it there.</source>
            <translation>Öffnen Sie die Liste zum Ändern, sehen Sie die Zeilen mit einer Bemerkung an und speichern Sie sie dort.</translation>
        </message>
    </context>
    <context>
        <name>app.exercises.text</name>
        <message>
            <source>Exercises</source>
            <translation>Übungen</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Back (Escape)</source>
            <translation>Zurück (Esc)</translation>
        </message>
        <message>
            <source>Stop, and see what to do when something hurts (H)</source>
            <translation>Anhalten und nachsehen, was zu tun ist, wenn etwas wehtut (H)</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Wird gelesen…</translation>
        </message>
        <message>
            <source>Before you exercise</source>
            <translation>Vor dem Üben</translation>
        </message>
        <message>
            <source>Please read all of these and tick what is true for you now. Your answers stay on this computer. You will be asked again in four weeks.</source>
            <translation>Bitte lesen Sie alles und haken Sie an, was jetzt auf Sie zutrifft. Ihre Antworten bleiben auf diesem Computer. In vier Wochen werden Sie wieder gefragt.</translation>
        </message>
        <message>
            <source>These matter most</source>
            <translation>Das ist am wichtigsten</translation>
        </message>
        <message>
            <source>These matter too</source>
            <translation>Das ist auch wichtig</translation>
        </message>
        <message>
            <source>And these</source>
            <translation>Und dies noch</translation>
        </message>
        <message>
            <source>None of these</source>
            <translation>Nichts davon</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Say that none of these is true for you</source>
            <translation>Angeben, dass nichts davon auf Sie zutrifft</translation>
        </message>
        <message>
            <source>You ticked:</source>
            <translation>Sie haben angehakt:</translation>
        </message>
        <message>
            <source>Answer again</source>
            <translation>Neu antworten</translation>
        </message>
        <message>
            <source>I have asked, and I may exercise</source>
            <translation>Ich habe gefragt und darf üben</translation>
        </message>
        <message>
            <source>Breaks from sitting, your history and the page “See someone” stay open to you meanwhile.</source>
            <translation>Sitzpausen, Ihr Verlauf und die Seite „Hilfe holen“ stehen Ihnen inzwischen offen.</translation>
        </message>
        <message>
            <source>You answered the questions before exercising on {when}.</source>
            <translation>Die Fragen vor dem Üben haben Sie am {when} beantwortet.</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Heute</translation>
        </message>
        <message numerus="yes">
            <source>About {count} minutes in all.</source>
            <translation>
                <numerusform>Insgesamt etwa eine Minute.</numerusform>
                <numerusform>Insgesamt etwa {count} Minuten.</numerusform>
            </translation>
        </message>
        <message>
            <source>Just under ten minutes in all.</source>
            <translation>Insgesamt knapp zehn Minuten.</translation>
        </message>
        <message>
            <source>Another day: {names}. Ten minutes at a time are enough.</source>
            <translation>An einem anderen Tag: {names}. Zehn Minuten auf einmal genügen.</translation>
        </message>
        <message>
            <source>This is your own list.</source>
            <translation>Dies ist Ihre eigene Liste.</translation>
        </message>
        <message>
            <source>You have done all of today's sets. That is what counts.</source>
            <translation>Sie haben heute alle Sätze geschafft. Darauf kommt es an.</translation>
        </message>
        <message>
            <source>{done} of {wanted} sets done today</source>
            <translation>{done} von {wanted} Sätzen heute geschafft</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Get ready</source>
            <translation>Vorbereiten</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>It hurt on {when}: leave it out until you have asked somebody, or continue with less.</source>
            <translation>Das hat am {when} wehgetan: Lassen Sie es weg, bis Sie jemanden gefragt haben, oder machen Sie weniger.</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>Selbsttest</translation>
        </message>
        <message>
            <source>Can you squeeze both sides of your buttocks, and each side by itself?</source>
            <translation>Können Sie das Gesäß auf beiden Seiten anspannen, und jede Seite für sich?</translation>
        </message>
        <message>
            <source>Last answered on {when}.</source>
            <translation>Zuletzt beantwortet am {when}.</translation>
        </message>
        <message>
            <source>Do the self-check</source>
            <translation>Selbsttest machen</translation>
        </message>
        <message>
            <source>Your own list</source>
            <translation>Ihre eigene Liste</translation>
        </message>
        <message>
            <source>Type in what a physiotherapist gave you; it replaces the usual routine.</source>
            <translation>Tragen Sie ein, was Sie in der Physiotherapie bekommen haben; es ersetzt das übliche Programm.</translation>
        </message>
        <message>
            <source>Change the list</source>
            <translation>Liste ändern</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>Hilfe holen</translation>
        </message>
        <message>
            <source>How to prepare for a physiotherapist, and what to bring.</source>
            <translation>So bereiten Sie sich auf die Physiotherapie vor, und das bringen Sie mit.</translation>
        </message>
        <message>
            <source>Read more</source>
            <translation>Mehr lesen</translation>
        </message>
        <message>
            <source>Make the PDF report</source>
            <translation>PDF-Bericht erstellen</translation>
        </message>
        <message>
            <source>Write your checks, exercises and answers to a file that you can bring along</source>
            <translation>Ihre Messungen, Übungen und Antworten in eine Datei zum Mitnehmen schreiben</translation>
        </message>
        <message>
            <source>Pause the picture</source>
            <translation>Bild anhalten</translation>
        </message>
        <message>
            <source>Move the picture</source>
            <translation>Bild bewegen</translation>
        </message>
        <message>
            <source>How it goes</source>
            <translation>So geht es</translation>
        </message>
        <message>
            <source>What often goes wrong</source>
            <translation>Was oft schiefgeht</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>Notiz: {note}</translation>
        </message>
        <message>
            <source>With: {load}</source>
            <translation>Mit: {load}</translation>
        </message>
        <message>
            <source>With a camera, Beltline can count for you. It has to see you {place}.</source>
            <translation>Mit einer Kamera kann Beltline für Sie zählen. Dafür muss sie Sie so sehen: {place}.</translation>
        </message>
        <message>
            <source>Begin with the left side.</source>
            <translation>Beginnen Sie mit der linken Seite.</translation>
        </message>
        <message>
            <source>Go on with the right side.</source>
            <translation>Machen Sie mit der rechten Seite weiter.</translation>
        </message>
        <message>
            <source>Rest</source>
            <translation>Ausruhen</translation>
        </message>
        <message>
            <source>Next set in {seconds} s</source>
            <translation>Nächster Satz in {seconds} s</translation>
        </message>
        <message>
            <source>Change sides</source>
            <translation>Seite wechseln</translation>
        </message>
        <message>
            <source>Next: {what}</source>
            <translation>Als Nächstes: {what}</translation>
        </message>
        <message numerus="yes">
            <source>{count} sets to do</source>
            <translation>
                <numerusform>der letzte Satz</numerusform>
                <numerusform>noch {count} Sätze</numerusform>
            </translation>
        </message>
        <message>
            <source>{side}, {what}</source>
            <translation>{side}, {what}</translation>
        </message>
        <message>
            <source>Skip the rest</source>
            <translation>Ausruhen überspringen</translation>
        </message>
        <message>
            <source>Wait</source>
            <translation>Warten</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>Hier aufhören</translation>
        </message>
        <message>
            <source>Waiting for you</source>
            <translation>Beltline wartet auf Sie</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>{left} of {wanted} sets of today are left, if you want to go on later.</source>
            <translation>{left} von {wanted} Sätzen sind heute noch offen, falls Sie später weitermachen möchten.</translation>
        </message>
        <message>
            <source>Next: {name}</source>
            <translation>Als Nächstes: {name}</translation>
        </message>
        <message>
            <source>Back to today</source>
            <translation>Zurück zu heute</translation>
        </message>
        <message>
            <source>No repetition was counted, so nothing was stored.</source>
            <translation>Es wurde keine Wiederholung gezählt, also wurde nichts gespeichert.</translation>
        </message>
        <message>
            <source>Said while counting:</source>
            <translation>Beim Zählen gesagt:</translation>
        </message>
        <message numerus="yes">
            <source>{what} ({count} times)</source>
            <translation>
                <numerusform>{what} (einmal)</numerusform>
                <numerusform>{what} ({count}-mal)</numerusform>
            </translation>
        </message>
        <message>
            <source>{set}, held {seconds} s</source>
            <translation>{set}, je {seconds} s gehalten</translation>
        </message>
        <message>
            <source>counted by the camera</source>
            <translation>von der Kamera gezählt</translation>
        </message>
        <message>
            <source>led by the timer</source>
            <translation>vom Timer geführt</translation>
        </message>
        <message>
            <source>counted by you</source>
            <translation>von Ihnen gezählt</translation>
        </message>
        <message>
            <source>Where and how did it hurt? You need not answer.</source>
            <translation>Wo und wie hat es wehgetan? Sie müssen nicht antworten.</translation>
        </message>
        <message>
            <source>Noted in your diary.</source>
            <translation>In Ihrem Tagebuch notiert.</translation>
        </message>
        <message>
            <source>Answer the questions again</source>
            <translation>Fragen neu beantworten</translation>
        </message>
        <message>
            <source>Save the answers</source>
            <translation>Antworten speichern</translation>
        </message>
        <message>
            <source>Your answers are noted.</source>
            <translation>Ihre Antworten sind notiert.</translation>
        </message>
        <message>
            <source>Do the squeeze test with the camera</source>
            <translation>Anspannungstest mit der Kamera machen</translation>
        </message>
        <message>
            <source>Open the Live page, where a camera sees whether your pelvis turns</source>
            <translation>Die Seite „Live“ öffnen; dort sieht eine Kamera, ob sich Ihr Becken bewegt</translation>
        </message>
        <message>
            <source>Earlier answers</source>
            <translation>Frühere Antworten</translation>
        </message>
        <message>
            <source>There are no earlier answers. Each time you answer, a column of dots comes here.</source>
            <translation>Es gibt noch keine früheren Antworten. Jedes Mal, wenn Sie antworten, kommt hier eine Spalte mit Punkten dazu.</translation>
        </message>
        <message>
            <source>Full dot: yes. Half dot: partly. Ring: no. Dash: not said. The newest is on the right.</source>
            <translation>Voller Punkt: ja. Halber Punkt: teilweise. Ring: nein. Strich: keine Angabe. Die neueste Antwort steht rechts.</translation>
        </message>
        <message>
            <source>{when}: {answers}</source>
            <translation>{when}: {answers}</translation>
        </message>
        <message>
            <source>{when}, with the camera: {answers}</source>
            <translation>{when}, mit der Kamera: {answers}</translation>
        </message>
        <message>
            <source>{first} to {last}</source>
            <translation>{first} bis {last}</translation>
        </message>
        <message>
            <source>The newest {shown} of {all} are shown.</source>
            <translation>Die neuesten {shown} von {all} sind zu sehen.</translation>
        </message>
        <message>
            <source>One line for each exercise, in the order in which you do them. Choose an exercise that Beltline knows, or “another exercise” and type its name.</source>
            <translation>Eine Zeile für jede Übung, in der Reihenfolge, in der Sie üben. Wählen Sie eine Übung, die Beltline kennt, oder „Andere Übung“ und geben Sie den Namen ein.</translation>
        </message>
        <message>
            <source>Another exercise</source>
            <translation>Andere Übung</translation>
        </message>
        <message>
            <source>Name of the exercise</source>
            <translation>Name der Übung</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>Sätze</translation>
        </message>
        <message>
            <source>Repetitions</source>
            <translation>Wiederholungen</translation>
        </message>
        <message>
            <source>Hold, seconds</source>
            <translation>Halten, Sekunden</translation>
        </message>
        <message>
            <source>Each side</source>
            <translation>Jede Seite</translation>
        </message>
        <message>
            <source>Band or weight</source>
            <translation>Band oder Gewicht</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>How to do it</source>
            <translation>So geht es</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Picture of {name}</source>
            <translation>Bild von {name}</translation>
        </message>
        <message>
            <source>Choose picture…</source>
            <translation>Bild wählen…</translation>
        </message>
        <message>
            <source>Remove picture</source>
            <translation>Bild entfernen</translation>
        </message>
        <message>
            <source>A photograph or a drawing; where and when it was taken is left out</source>
            <translation>Ein Foto oder eine Zeichnung; wo und wann es aufgenommen wurde, wird weggelassen</translation>
        </message>
        <message>
            <source>Reading the picture…</source>
            <translation>Das Bild wird gelesen…</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Bilder ({patterns})</translation>
        </message>
        <message>
            <source>Add an exercise</source>
            <translation>Übung hinzufügen</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Move up</source>
            <translation>Nach oben</translation>
        </message>
        <message>
            <source>Move down</source>
            <translation>Nach unten</translation>
        </message>
        <message>
            <source>Line {number}</source>
            <translation>Zeile {number}</translation>
        </message>
        <message>
            <source>Use the usual routine again</source>
            <translation>Wieder das übliche Programm</translation>
        </message>
        <message>
            <source>Save the list</source>
            <translation>Liste speichern</translation>
        </message>
        <message>
            <source>Discard the changes</source>
            <translation>Änderungen verwerfen</translation>
        </message>
        <message>
            <source>Type the exercise's name.</source>
            <translation>Geben Sie den Namen der Übung ein.</translation>
        </message>
        <message>
            <source>This exercise is in the list twice; put all its sets into one line, or type a name of your own.</source>
            <translation>Diese Übung steht zweimal in der Liste. Tragen Sie alle Sätze in eine Zeile ein oder geben Sie einen eigenen Namen ein.</translation>
        </message>
        <message>
            <source>Not saved: please look at the lines with a remark. What you typed stays.</source>
            <translation>Nicht gespeichert: Bitte sehen Sie sich die Zeilen mit einem Hinweis an. Ihre Eingaben bleiben erhalten.</translation>
        </message>
        <message>
            <source>There are changes that are not saved yet.</source>
            <translation>Es gibt Änderungen, die noch nicht gespeichert sind.</translation>
        </message>
        <message>
            <source>The list is empty. Saved like this, it brings back the usual routine.</source>
            <translation>Die Liste ist leer. Wenn Sie so speichern, gilt wieder das übliche Programm.</translation>
        </message>
        <message>
            <source>Your list is saved.</source>
            <translation>Ihre Liste ist gespeichert.</translation>
        </message>
        <message>
            <source>The usual routine is used again</source>
            <translation>Das übliche Programm gilt wieder</translation>
        </message>
        <message>
            <source>What you did is not lost: it waits here and is saved as soon as that is possible.</source>
            <translation>Was Sie gemacht haben, ist nicht verloren: Es wartet hier und wird gespeichert, sobald das möglich ist.</translation>
        </message>
        <message>
            <source>Everything that waited is saved now.</source>
            <translation>Alles, was gewartet hat, ist jetzt gespeichert.</translation>
        </message>
        <message>
            <source>Get ready.</source>
            <translation>Machen Sie sich bereit.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>Heben</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>Heben.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>Halten</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>Halten.</translation>
        </message>
        <message>
            <source>Lower</source>
            <translation>Senken</translation>
        </message>
        <message>
            <source>Lower.</source>
            <translation>Senken.</translation>
        </message>
        <message>
            <source>Squeeze</source>
            <translation>Anspannen</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>Anspannen.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>Lösen</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>Lösen.</translation>
        </message>
        <message>
            <source>Go</source>
            <translation>Los</translation>
        </message>
        <message>
            <source>Go.</source>
            <translation>Los.</translation>
        </message>
        <message>
            <source>Back.</source>
            <translation>Zurück.</translation>
        </message>
        <message>
            <source>Get ready to squeeze your buttocks.</source>
            <translation>Machen Sie sich bereit, das Gesäß anzuspannen.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back with your knees bent.</source>
            <translation>Machen Sie sich bereit. Legen Sie sich auf den Rücken, mit angewinkelten Knien.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your back, one foot on the floor, the other leg stretched out.</source>
            <translation>Machen Sie sich bereit. Legen Sie sich auf den Rücken, ein Fuß auf dem Boden, das andere Bein gestreckt.</translation>
        </message>
        <message>
            <source>Get ready. Lie on your side.</source>
            <translation>Machen Sie sich bereit. Legen Sie sich auf die Seite.</translation>
        </message>
        <message>
            <source>Left side</source>
            <translation>Linke Seite</translation>
        </message>
        <message>
            <source>Right side</source>
            <translation>Rechte Seite</translation>
        </message>
        <message>
            <source>And {word}</source>
            <translation>Und {word}</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>Beltline sucht Sie</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>Noch nicht</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>Bereit</translation>
        </message>
        <message>
            <source>Moving</source>
            <translation>In Bewegung</translation>
        </message>
        <message>
            <source>At the top</source>
            <translation>Oben</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>Warten auf die Kamera</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keine</translation>
        </message>
        <message>
            <source>One</source>
            <translation>Eins</translation>
        </message>
        <message>
            <source>Two</source>
            <translation>Zwei</translation>
        </message>
        <message>
            <source>Three</source>
            <translation>Drei</translation>
        </message>
        <message>
            <source>Four</source>
            <translation>Vier</translation>
        </message>
        <message>
            <source>Five</source>
            <translation>Fünf</translation>
        </message>
        <message>
            <source>Six</source>
            <translation>Sechs</translation>
        </message>
        <message>
            <source>Seven</source>
            <translation>Sieben</translation>
        </message>
        <message>
            <source>Eight</source>
            <translation>Acht</translation>
        </message>
        <message>
            <source>Nine</source>
            <translation>Neun</translation>
        </message>
        <message>
            <source>Ten</source>
            <translation>Zehn</translation>
        </message>
        <message>
            <source>Eleven</source>
            <translation>Elf</translation>
        </message>
        <message>
            <source>Twelve</source>
            <translation>Zwölf</translation>
        </message>
        <message>
            <source>Thirteen</source>
            <translation>Dreizehn</translation>
        </message>
        <message>
            <source>Fourteen</source>
            <translation>Vierzehn</translation>
        </message>
        <message>
            <source>Fifteen</source>
            <translation>Fünfzehn</translation>
        </message>
        <message>
            <source>Sixteen</source>
            <translation>Sechzehn</translation>
        </message>
        <message>
            <source>Seventeen</source>
            <translation>Siebzehn</translation>
        </message>
        <message>
            <source>Eighteen</source>
            <translation>Achtzehn</translation>
        </message>
        <message>
            <source>Nineteen</source>
            <translation>Neunzehn</translation>
        </message>
        <message>
            <source>Twenty</source>
            <translation>Zwanzig</translation>
        </message>
        <message>
            <source>How to count</source>
            <translation>Wie gezählt wird</translation>
        </message>
        <message>
            <source>With the camera</source>
            <translation>Mit der Kamera</translation>
        </message>
        <message>
            <source>With the timer</source>
            <translation>Mit dem Timer</translation>
        </message>
        <message>
            <source>The camera counts, times each hold, and names one thing at a time that you could do differently. It is on only while you exercise, and its pictures are not kept.</source>
            <translation>Die Kamera zählt, stoppt die Haltezeit und nennt Ihnen jeweils eine Sache, die Sie anders machen könnten. Sie ist nur beim Üben an, und ihre Bilder werden nicht aufbewahrt.</translation>
        </message>
        <message>
            <source>Words on the screen, a voice and tones give you the pace; nothing watches. You can say afterwards if you did fewer.</source>
            <translation>Schrift auf dem Bildschirm, eine Stimme und Töne geben den Takt vor; niemand schaut zu. Hinterher können Sie angeben, wenn es weniger waren.</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>Wo die Kamera steht</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees, looking at your side.</source>
            <translation>Zwei bis drei Meter entfernt, zwischen Boden und Kniehöhe, mit Blick auf Ihre Seite.</translation>
        </message>
        <message>
            <source>Your whole body is in the picture, from head to feet.</source>
            <translation>Ihr ganzer Körper ist im Bild, von Kopf bis Fuß.</translation>
        </message>
        <message>
            <source>The foot that stays on the floor is the one nearer to the camera.</source>
            <translation>Der Fuß, der am Boden bleibt, ist näher an der Kamera.</translation>
        </message>
        <message>
            <source>Two to three metres away, between the floor and the height of your knees. In front of you it sees best; or at your feet and a step to the front, so that it sees your face.</source>
            <translation>Zwei bis drei Meter entfernt, zwischen Boden und Kniehöhe. Am besten sieht sie Sie von vorn; sonst von den Füßen her und einen Schritt nach vorn versetzt, sodass sie Ihr Gesicht sieht.</translation>
        </message>
        <message>
            <source>The timer leads you through this exercise.</source>
            <translation>Durch diese Übung führt Sie der Timer.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Start</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Stopp</translation>
        </message>
        <message>
            <source>Skip ahead</source>
            <translation>Vorspringen</translation>
        </message>
        <message>
            <source>Go on with the timer</source>
            <translation>Weiter mit dem Timer</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>Bild spiegeln</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Stimme</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>Töne</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>Das tut weh</translation>
        </message>
        <message>
            <source>Noted that it hurts</source>
            <translation>Notiert, dass es wehtut</translation>
        </message>
        <message>
            <source>{done} of {wanted}</source>
            <translation>{done} von {wanted}</translation>
        </message>
        <message>
            <source>Last set</source>
            <translation>Letzter Satz</translation>
        </message>
        <message>
            <source>{count} sets left, counting this one</source>
            <translation>Noch {count} Sätze, dieser mitgezählt</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>Angehalten. Die Kamera ist aus.</translation>
        </message>
        <message>
            <source>Paused, because this page could not be seen.</source>
            <translation>Angehalten, weil diese Seite nicht zu sehen war.</translation>
        </message>
        <message>
            <source>Paused, because the screen was locked.</source>
            <translation>Angehalten, weil der Bildschirm gesperrt war.</translation>
        </message>
        <message>
            <source>Paused, because the computer was asleep or busy.</source>
            <translation>Angehalten, weil der Computer im Ruhezustand oder ausgelastet war.</translation>
        </message>
        <message>
            <source>No camera was found, so the timer gives you the pace.</source>
            <translation>Es wurde keine Kamera gefunden; der Timer gibt Ihnen den Takt vor.</translation>
        </message>
        <message>
            <source>The camera gives no pictures, so the timer goes on from here.</source>
            <translation>Die Kamera liefert keine Bilder; ab hier übernimmt der Timer.</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures, so the timer goes on from here.</source>
            <translation>Bei den Kamerabildern ist in Beltline selbst ein Fehler aufgetreten; ab hier übernimmt der Timer.</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Gestoppt</translation>
        </message>
        <message>
            <source>Keep what you have done?</source>
            <translation>Behalten, was Sie geschafft haben?</translation>
        </message>
        <message>
            <source>No repetition was counted, so there is nothing to keep.</source>
            <translation>Es wurde keine Wiederholung gezählt, es gibt also nichts zu behalten.</translation>
        </message>
        <message numerus="yes">
            <source>Keep {count} repetitions</source>
            <translation>
                <numerusform>1 Wiederholung behalten</numerusform>
                <numerusform>{count} Wiederholungen behalten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} repetitions</source>
            <translation>
                <numerusform>1 Wiederholung</numerusform>
                <numerusform>{count} Wiederholungen</numerusform>
            </translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>I did fewer</source>
            <translation>Es waren weniger</translation>
        </message>
        <message>
            <source>Do this set again</source>
            <translation>Diesen Satz noch einmal</translation>
        </message>
        <message>
            <source>How many did you do?</source>
            <translation>Wie viele waren es?</translation>
        </message>
        <message>
            <source>Kept by itself in {seconds} s.</source>
            <translation>Wird in {seconds} s von selbst gespeichert.</translation>
        </message>
        <message>
            <source>Held for {seconds} s each.</source>
            <translation>Je {seconds} s gehalten.</translation>
        </message>
        <message>
            <source>Done. {number}.</source>
            <translation>Fertig. {number}.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Gestoppt.</translation>
        </message>
    </context>
    <context>
        <name>app.gui.app</name>
        <message>
            <source>The window's library cannot be loaded ({error}). Install libegl1 and libgl1, or use the command line: beltline measure PHOTO.</source>
            <translation>Die Bibliothek für das Fenster lässt sich nicht laden ({error}). Installieren Sie libegl1 und libgl1 oder verwenden Sie die Befehlszeile: beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>ReminderLink</name>
        <message>
            <source>The break reminder could not be started. Switch it off and on again, or start it on the command line to see why: beltline tray</source>
            <translation>Die Pausenerinnerung konnte nicht gestartet werden. Schalten Sie sie aus und wieder ein, oder starten Sie sie in der Befehlszeile, um den Grund zu sehen: beltline tray</translation>
        </message>
    </context>
    <context>
        <name>CalibrationPanel</name>
        <message>
            <source>Leave out the last picture</source>
            <translation>Letztes Bild weglassen</translation>
        </message>
        <message>
            <source>Work it out without the picture that was added last</source>
            <translation>Ohne das zuletzt hinzugefügte Bild berechnen</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>Vergessen</translation>
        </message>
        <message>
            <source>Drop the calibration; checks made with it stay as they are</source>
            <translation>Kalibrierung verwerfen; Messungen, die damit gemacht wurden, bleiben, wie sie sind</translation>
        </message>
        <message>
            <source>Work it out again</source>
            <translation>Neu berechnen</translation>
        </message>
        <message>
            <source>Read the pictures that were kept of it with this version of Beltline</source>
            <translation>Die aufbewahrten Bilder mit dieser Version von Beltline auswerten</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Go back to measuring</source>
            <translation>Zurück zum Messen</translation>
        </message>
        <message>
            <source>Keep for {name}</source>
            <translation>Für {name} behalten</translation>
        </message>
    </context>
    <context>
        <name>CameraShot</name>
        <message>
            <source>Seconds until the picture is taken</source>
            <translation>Sekunden bis zur Aufnahme</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Which camera takes the picture</source>
            <translation>Welche Kamera das Bild aufnimmt</translation>
        </message>
        <message>
            <source>Time to walk into the picture</source>
            <translation>Zeit, um ins Bild zu gehen</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>Ton</translation>
        </message>
        <message>
            <source>A tone for each second and one for the picture</source>
            <translation>Ein Ton für jede Sekunde und einer für das Bild</translation>
        </message>
        <message>
            <source>Take the picture</source>
            <translation>Bild aufnehmen</translation>
        </message>
        <message>
            <source>Measure this one</source>
            <translation>Dieses messen</translation>
        </message>
        <message>
            <source>Retake</source>
            <translation>Neu aufnehmen</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>End the countdown, or leave the camera (Esc)</source>
            <translation>Countdown beenden oder die Kamera verlassen (Esc)</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>Kamera wird gesucht…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>Kamera wird geöffnet…</translation>
        </message>
        <message>
            <source>in {seconds} s</source>
            <translation>in {seconds} s</translation>
        </message>
    </context>
    <context>
        <name>CameraStage</name>
        <message>
            <source>Camera picture</source>
            <translation>Kamerabild</translation>
        </message>
    </context>
    <context>
        <name>EditPanel</name>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Measure with these marks</source>
            <translation>Mit diesen Punkten messen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Forget these marks</source>
            <translation>Diese Punkte vergessen</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>Den letzten Schritt zurücknehmen</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederherstellen</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Wieder ausführen</translation>
        </message>
        <message>
            <source>Help on finding the points</source>
            <translation>Hilfe zum Finden der Punkte</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>Die beiden Knochenpunkte markieren</translation>
        </message>
        <message>
            <source>Mark something upright</source>
            <translation>Etwas Senkrechtes markieren</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>Lot entfernen</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>Lot hinzufügen</translation>
        </message>
        <message>
            <source>Assume again that the camera was level</source>
            <translation>Wieder annehmen, dass die Kamera gerade stand</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>Zum Anlegen an einen Türrahmen oder eine Wandkante</translation>
        </message>
    </context>
    <context>
        <name>LandmarkEditor</name>
        <message>
            <source>Is the front point in front?</source>
            <translation>Liegt der vordere Punkt vorn?</translation>
        </message>
    </context>
    <context>
        <name>CheckPage</name>
        <message>
            <source>Camera picture</source>
            <translation>Kamerabild</translation>
        </message>
        <message>
            <source>Back to automatic</source>
            <translation>Zurück zu automatisch</translation>
        </message>
        <message>
            <source>Show again what was measured without marks</source>
            <translation>Wieder zeigen, was ohne Markierungen gemessen wurde</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>Kalibrieren…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>Einmal zeigen, wo Ihre Knochen sind, und ab dann genauer gemessen werden</translation>
        </message>
        <message>
            <source>Sample</source>
            <translation>Beispiel</translation>
        </message>
        <message>
            <source>For a number from the bones under the skin</source>
            <translation>Für eine Zahl anhand der Knochen unter der Haut</translation>
        </message>
        <message>
            <source>Turn the picture left</source>
            <translation>Bild nach links drehen</translation>
        </message>
        <message>
            <source>Turn the picture right</source>
            <translation>Bild nach rechts drehen</translation>
        </message>
        <message>
            <source>Mark something upright in the picture</source>
            <translation>Etwas Senkrechtes im Bild markieren</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>Knochenpunkte selbst markieren</translation>
        </message>
    </context>
    <context>
        <name>PeopleChoice</name>
        <message>
            <source>Someone else is meant</source>
            <translation>Jemand anderes ist gemeint</translation>
        </message>
        <message>
            <source>Choose again whom to measure in this picture</source>
            <translation>Neu wählen, wer auf diesem Bild gemessen wird</translation>
        </message>
    </context>
    <context>
        <name>PhoneDialog</name>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>RecentPhotos</name>
        <message>
            <source>Photographs that were opened last</source>
            <translation>Zuletzt geöffnete Fotos</translation>
        </message>
        <message>
            <source>Recent</source>
            <translation>Zuletzt</translation>
        </message>
    </context>
    <context>
        <name>ResultPanel</name>
        <message>
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>Wird gemessen…</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Mehr zu diesem Ergebnis</translation>
        </message>
        <message>
            <source>What this number is</source>
            <translation>Was diese Zahl ist</translation>
        </message>
        <message>
            <source>What it is not</source>
            <translation>Was sie nicht ist</translation>
        </message>
        <message>
            <source>What else you can do</source>
            <translation>Was Sie noch tun können</translation>
        </message>
        <message>
            <source>More about this picture</source>
            <translation>Mehr zu diesem Bild</translation>
        </message>
    </context>
    <context>
        <name>SaveBar</name>
        <message>
            <source>Whose history this check belongs to</source>
            <translation>Zu wessen Verlauf diese Messung gehört</translation>
        </message>
        <message>
            <source>The day of the picture; correct it if the file is wrong</source>
            <translation>Der Tag der Aufnahme; berichtigen Sie ihn, wenn die Datei ihn falsch angibt</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>Person</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Kleidung</translation>
        </message>
        <message>
            <source>such as grey leggings</source>
            <translation>zum Beispiel graue Leggings</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Arme</translation>
        </message>
        <message>
            <source>Where the arms were: they shift the balance of the body</source>
            <translation>Wo die Arme waren: Sie verschieben das Gleichgewicht des Körpers</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>anything to remember</source>
            <translation>was Sie sich merken möchten</translation>
        </message>
        <message>
            <source>Keep a small copy of the picture</source>
            <translation>Kleine Kopie des Bildes behalten</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>Ohne sie werden nur die Zahlen gespeichert</translation>
        </message>
        <message>
            <source>This check is in the history</source>
            <translation>Diese Messung ist im Verlauf</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <source>Not said</source>
            <translation>Keine Angabe</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Wird gespeichert…</translation>
        </message>
        <message>
            <source>Saved</source>
            <translation>Gespeichert</translation>
        </message>
        <message>
            <source>Keep this check</source>
            <translation>Diese Messung behalten</translation>
        </message>
        <message>
            <source>Saved. {change}</source>
            <translation>Gespeichert. {change}</translation>
        </message>
    </context>
    <context>
        <name>LinesModel</name>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>Person</translation>
        </message>
        <message>
            <source>Whose check it is; click to choose</source>
            <translation>Wessen Messung es ist; zum Wählen klicken</translation>
        </message>
        <message>
            <source>Taken in</source>
            <translation>Dabei</translation>
        </message>
        <message>
            <source>Left out</source>
            <translation>Weggelassen</translation>
        </message>
    </context>
    <context>
        <name>PersonDelegate</name>
        <message>
            <source>Person</source>
            <translation>Person</translation>
        </message>
    </context>
    <context>
        <name>LinesTable</name>
        <message>
            <source>Pictures</source>
            <translation>Bilder</translation>
        </message>
    </context>
    <context>
        <name>SeveralView</name>
        <message>
            <source>Whose checks all of them are that are not saved yet</source>
            <translation>Zu wem alle noch nicht gespeicherten Messungen gehören</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Öffnen…</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Wird gemessen</translation>
        </message>
        <message>
            <source>Person for all</source>
            <translation>Person für alle</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Wählen…</translation>
        </message>
        <message>
            <source>Keep a small copy of the pictures</source>
            <translation>Kleine Kopie der Bilder behalten</translation>
        </message>
        <message>
            <source>Without it only the numbers are kept</source>
            <translation>Ohne sie werden nur die Zahlen gespeichert</translation>
        </message>
        <message>
            <source>Look at none of them</source>
            <translation>Keines davon ansehen</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>Das Ergebnis vor diesem</translation>
        </message>
        <message>
            <source>Open other photographs</source>
            <translation>Andere Fotos öffnen</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Stopp</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
    </context>
    <context>
        <name>StartView</name>
        <message>
            <source>Open a photograph…</source>
            <translation>Foto öffnen…</translation>
        </message>
        <message>
            <source>Take one with the camera</source>
            <translation>Mit der Kamera aufnehmen</translation>
        </message>
        <message>
            <source>With a countdown, so that you can step back</source>
            <translation>Mit Countdown, damit Sie zurücktreten können</translation>
        </message>
        <message>
            <source>Try a sample</source>
            <translation>Beispiel ansehen</translation>
        </message>
        <message>
            <source>A computer-made person, measured like a photograph</source>
            <translation>Eine computererzeugte Person, gemessen wie ein Foto</translation>
        </message>
        <message>
            <source>Calibrate…</source>
            <translation>Kalibrieren…</translation>
        </message>
        <message>
            <source>Show once where your bones are, and be measured more exactly from then on</source>
            <translation>Einmal zeigen, wo Ihre Knochen sind, und ab dann genauer gemessen werden</translation>
        </message>
        <message>
            <source>Choose a picture file</source>
            <translation>Bilddatei wählen</translation>
        </message>
    </context>
    <context>
        <name>PhotoIntake</name>
        <message>
            <source>Open photographs</source>
            <translation>Fotos öffnen</translation>
        </message>
        <message>
            <source>Pasted picture</source>
            <translation>Eingefügtes Bild</translation>
        </message>
        <message>
            <source>Dropped picture</source>
            <translation>Abgelegtes Bild</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Bilder ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
    </context>
    <context>
        <name>PictureTools</name>
        <message>
            <source>Open…</source>
            <translation>Öffnen…</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Take a photograph with the camera</source>
            <translation>Ein Foto mit der Kamera aufnehmen</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>All or nothing (O)</source>
            <translation>Alles oder nichts (O)</translation>
        </message>
        <message>
            <source>Lines</source>
            <translation>Linien</translation>
        </message>
        <message>
            <source>What is drawn on the picture; all or nothing:</source>
            <translation>Was auf dem Bild eingezeichnet ist; alles oder nichts:</translation>
        </message>
        <message>
            <source>Open another photograph</source>
            <translation>Ein anderes Foto öffnen</translation>
        </message>
        <message>
            <source>The result before this one</source>
            <translation>Das Ergebnis vor diesem</translation>
        </message>
        <message>
            <source>Zoom out</source>
            <translation>Verkleinern</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Vergrößern</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>Einpassen</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Das ganze Bild zeigen</translation>
        </message>
        <message>
            <source>Tilt</source>
            <translation>Kippung</translation>
        </message>
        <message>
            <source>Horizontal line</source>
            <translation>Waagerechte</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>Gürtellinie</translation>
        </message>
        <message>
            <source>Outline of the body</source>
            <translation>Körperumriss</translation>
        </message>
        <message>
            <source>Joints</source>
            <translation>Gelenke</translation>
        </message>
        <message>
            <source>Upright lines of the room</source>
            <translation>Senkrechte Linien im Raum</translation>
        </message>
    </context>
    <context>
        <name>CopiesCard</name>
        <message>
            <source>Earlier copies</source>
            <translation>Frühere Kopien</translation>
        </message>
        <message>
            <source>Copies of earlier days</source>
            <translation>Kopien früherer Tage</translation>
        </message>
        <message>
            <source>None yet</source>
            <translation>Noch keine</translation>
        </message>
        <message>
            <source>Go back to this copy…</source>
            <translation>Zu dieser Kopie zurück…</translation>
        </message>
        <message>
            <source>Save what can be read</source>
            <translation>Lesbares retten</translation>
        </message>
        <message>
            <source>Goes on with it; the damaged file is kept beside it</source>
            <translation>Es geht damit weiter; die beschädigte Datei bleibt daneben erhalten</translation>
        </message>
        <message>
            <source>Go back to this copy</source>
            <translation>Zu dieser Kopie zurück</translation>
        </message>
        <message>
            <source>Go back</source>
            <translation>Zurückgehen</translation>
        </message>
        <message>
            <source>Beltline copies your history on each day on which something new is kept, and keeps the last {days} copies on this computer.</source>
            <translation>Beltline kopiert Ihren Verlauf an jedem Tag, an dem etwas Neues dazukommt, und behält die letzten {days} Kopien auf diesem Computer.</translation>
        </message>
        <message>
            <source>Go back to the history as it was at the beginning of {day}? The history as it is now is not deleted: it is kept beside it.</source>
            <translation>Zum Verlauf zurückgehen, wie er am Anfang des Tages war ({day})? Der jetzige Verlauf wird nicht gelöscht: Er bleibt daneben erhalten.</translation>
        </message>
    </context>
    <context>
        <name>HurtsButton</name>
        <message>
            <source>Stop at once (H)</source>
            <translation>Sofort stoppen (H)</translation>
        </message>
        <message>
            <source>Stops the exercise at once</source>
            <translation>Stoppt die Übung sofort</translation>
        </message>
    </context>
    <context>
        <name>SetupCard</name>
        <message>
            <source>Start this set after five seconds</source>
            <translation>Diesen Satz nach fünf Sekunden beginnen</translation>
        </message>
        <message>
            <source>Leave this exercise (Esc)</source>
            <translation>Diese Übung verlassen (Esc)</translation>
        </message>
        <message>
            <source>Only what you see: it is counted in what the camera sees</source>
            <translation>Nur Ihre Ansicht: Gezählt wird, was die Kamera sieht</translation>
        </message>
    </context>
    <context>
        <name>EndCard</name>
        <message>
            <source>End of the set</source>
            <translation>Ende des Satzes</translation>
        </message>
        <message>
            <source>Put this set into your diary</source>
            <translation>Diesen Satz ins Tagebuch eintragen</translation>
        </message>
        <message>
            <source>Start this set again</source>
            <translation>Diesen Satz von vorn beginnen</translation>
        </message>
        <message>
            <source>Say how many repetitions you have done</source>
            <translation>Angeben, wie viele Wiederholungen es waren</translation>
        </message>
        <message>
            <source>Go on with this set</source>
            <translation>Mit diesem Satz weitermachen</translation>
        </message>
        <message>
            <source>Do not keep this set</source>
            <translation>Diesen Satz nicht behalten</translation>
        </message>
        <message>
            <source>Leave this exercise</source>
            <translation>Diese Übung verlassen</translation>
        </message>
        <message>
            <source>One fewer</source>
            <translation>Eine weniger</translation>
        </message>
        <message>
            <source>One more</source>
            <translation>Eine mehr</translation>
        </message>
    </context>
    <context>
        <name>ExercisePlayer</name>
        <message>
            <source>Go on (Space)</source>
            <translation>Weiter (Leertaste)</translation>
        </message>
        <message>
            <source>Pause for now (Space)</source>
            <translation>Erst einmal anhalten (Leertaste)</translation>
        </message>
        <message>
            <source>Go to what comes next</source>
            <translation>Zum Nächsten springen</translation>
        </message>
        <message>
            <source>Switch the camera off; what was counted stays</source>
            <translation>Die Kamera ausschalten; was gezählt wurde, bleibt</translation>
        </message>
        <message>
            <source>End this set (Esc)</source>
            <translation>Diesen Satz beenden (Esc)</translation>
        </message>
        <message>
            <source>What to do, and the count, are spoken</source>
            <translation>Anweisungen und Zählerstand werden angesagt</translation>
        </message>
        <message>
            <source>Tones mark each phase, and stand in for a voice</source>
            <translation>Töne markieren jeden Abschnitt und ersetzen die Stimme, wo es keine gibt</translation>
        </message>
    </context>
    <context>
        <name>CoachStage</name>
        <message>
            <source>Picture of the camera</source>
            <translation>Bild der Kamera</translation>
        </message>
    </context>
    <context>
        <name>ExerciseTimer</name>
        <message>
            <source>Timer</source>
            <translation>Timer</translation>
        </message>
    </context>
    <context>
        <name>SaveLogButton</name>
        <message>
            <source>Save log…</source>
            <translation>Protokoll speichern…</translation>
        </message>
        <message>
            <source>Save the log</source>
            <translation>Das Protokoll speichern</translation>
        </message>
        <message>
            <source>The log was not saved: {why}. Choose another folder.</source>
            <translation>Das Protokoll wurde nicht gespeichert: {why}. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>Gespeichert als {name}.</translation>
        </message>
    </context>
    <context>
        <name>LogDialog</name>
        <message>
            <source>What went wrong in Beltline, for a report about a fault. There are no names, notes or pictures in it. It is sent nowhere.</source>
            <translation>Was in Beltline schiefgegangen ist, für eine Fehlermeldung. Das Protokoll enthält keine Namen, Notizen oder Bilder und wird nirgendwohin gesendet.</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>The log</source>
            <translation>Das Protokoll</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Nothing is in the log.</source>
            <translation>Das Protokoll ist leer.</translation>
        </message>
    </context>
    <context>
        <name>CrashWindow</name>
        <message>
            <source>Something in Beltline did not work just now, through no fault of yours.</source>
            <translation>In Beltline hat gerade etwas nicht funktioniert; das liegt nicht an Ihnen.</translation>
        </message>
        <message>
            <source>What you saved is safe. Nothing was sent anywhere. If it happens again, save the log and send it with a report.</source>
            <translation>Was Sie gespeichert haben, ist sicher. Es wurde nichts gesendet. Wenn es noch einmal vorkommt, speichern Sie das Protokoll und schicken Sie es mit einer Fehlermeldung ein.</translation>
        </message>
        <message>
            <source>Something went wrong</source>
            <translation>Etwas ist schiefgegangen</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Close Beltline</source>
            <translation>Beltline schließen</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>Was hier funktioniert…</translation>
        </message>
    </context>
    <context>
        <name>HelpButtons</name>
        <message>
            <source>First steps…</source>
            <translation>Erste Schritte…</translation>
        </message>
        <message>
            <source>The three questions of the first start, once more</source>
            <translation>Noch einmal die drei Fragen vom ersten Start</translation>
        </message>
        <message>
            <source>What works here…</source>
            <translation>Was hier funktioniert…</translation>
        </message>
        <message>
            <source>Looks at camera, voice, letters and all else, and helps to mend it</source>
            <translation>Prüft Kamera, Stimme, Buchstaben und alles andere und hilft, Fehler zu beheben</translation>
        </message>
    </context>
    <context>
        <name>HelpDoor</name>
        <message>
            <source>Renamed {before}</source>
            <translation>{before} umbenannt</translation>
        </message>
    </context>
    <context>
        <name>FirstSteps</name>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted. It measures; it is no doctor. Three questions, and you can begin.</source>
            <translation>Beltline misst auf einem Bild von der Seite, wie weit Ihr Becken gekippt ist. Es misst nur und ersetzt keine ärztliche Untersuchung. Drei Fragen, dann können Sie anfangen.</translation>
        </message>
        <message>
            <source>All of these are there later, too.</source>
            <translation>Das alles gibt es auch später noch.</translation>
        </message>
        <message>
            <source>Not now</source>
            <translation>Jetzt nicht</translation>
        </message>
        <message>
            <source>Settings asks again whenever you like</source>
            <translation>Auf der Seite „Einstellungen“ können Sie die Fragen jederzeit wieder aufrufen</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Who is it for?</source>
            <translation>Für wen ist es?</translation>
        </message>
        <message>
            <source>How do you get a picture?</source>
            <translation>Woher kommt das Bild?</translation>
        </message>
        <message>
            <source>What first?</source>
            <translation>Was zuerst?</translation>
        </message>
        <message>
            <source>Name of the first person</source>
            <translation>Name der ersten Person</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Beginnen</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Step {n} of {count}</source>
            <translation>Schritt {n} von {count}</translation>
        </message>
        <message>
            <source>Only me</source>
            <translation>Nur für mich</translation>
        </message>
        <message>
            <source>Nothing to set up.</source>
            <translation>Es ist nichts einzurichten.</translation>
        </message>
        <message>
            <source>Several people</source>
            <translation>Mehrere Personen</translation>
        </message>
        <message>
            <source>A practice or a family: each person has a history of their own.</source>
            <translation>Eine Praxis oder eine Familie: Jede Person hat ihren eigenen Verlauf.</translation>
        </message>
        <message>
            <source>You choose whose turn it is at the bottom left of the window, and add people under Settings. Everything stays on this computer, in {folder}.</source>
            <translation>Wer gerade dran ist, wählen Sie unten links im Fenster; Personen hinzufügen können Sie auf der Seite „Einstellungen“. Alles bleibt auf diesem Computer, in {folder}.</translation>
        </message>
        <message>
            <source>This computer's camera</source>
            <translation>Die Kamera dieses Computers</translation>
        </message>
        <message>
            <source>It counts down, so that you can step back.</source>
            <translation>Sie zählt herunter, damit Sie zurücktreten können.</translation>
        </message>
        <message>
            <source>My phone</source>
            <translation>Mein Handy</translation>
        </message>
        <message>
            <source>It sends the pictures over your own network, to this computer only.</source>
            <translation>Es schickt die Bilder über Ihr eigenes Netzwerk, nur an diesen Computer.</translation>
        </message>
        <message>
            <source>A photograph</source>
            <translation>Ein Foto</translation>
        </message>
        <message>
            <source>A picture file that you have already.</source>
            <translation>Eine Bilddatei, die Sie schon haben.</translation>
        </message>
        <message>
            <source>I only look around</source>
            <translation>Ich sehe mich nur um</translation>
        </message>
        <message>
            <source>No picture for now.</source>
            <translation>Vorerst kein Bild.</translation>
        </message>
        <message>
            <source>The sample picture</source>
            <translation>Das Beispielbild</translation>
        </message>
        <message>
            <source>A computer-made person, so that you see what comes out of it.</source>
            <translation>Eine computererzeugte Person, damit Sie sehen, was dabei herauskommt.</translation>
        </message>
        <message>
            <source>A short tour</source>
            <translation>Ein kurzer Rundgang</translation>
        </message>
        <message>
            <source>Two minutes through the window; you can leave it at any time.</source>
            <translation>Zwei Minuten durch das Fenster; Sie können jederzeit aufhören.</translation>
        </message>
        <message>
            <source>Straight on</source>
            <translation>Gleich loslegen</translation>
        </message>
        <message>
            <source>To where your own pictures begin.</source>
            <translation>Direkt dorthin, wo Ihre eigenen Bilder beginnen.</translation>
        </message>
    </context>
    <context>
        <name>CheckBrowser</name>
        <message>
            <source>Select two checks to compare them (Ctrl+K)</source>
            <translation>Zwei Messungen auswählen, um sie zu vergleichen (Strg+K)</translation>
        </message>
        <message>
            <source>Delete the selected checks (Delete)</source>
            <translation>Ausgewählte Messungen löschen (Entf)</translation>
        </message>
        <message>
            <source>Show all checks</source>
            <translation>Alle Messungen zeigen</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
    </context>
    <context>
        <name>CheckFilter</name>
        <message>
            <source>Search clothes and notes</source>
            <translation>Kleidung und Notizen durchsuchen</translation>
        </message>
        <message>
            <source>Dates to show</source>
            <translation>Welcher Zeitraum gezeigt wird</translation>
        </message>
        <message>
            <source>Way of measuring to show</source>
            <translation>Welche Messmethode gezeigt wird</translation>
        </message>
        <message>
            <source>Clothes to show</source>
            <translation>Welche Kleidung gezeigt wird</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Zurücksetzen</translation>
        </message>
        <message>
            <source>All dates</source>
            <translation>Jedes Datum</translation>
        </message>
        <message>
            <source>Last month</source>
            <translation>Letzter Monat</translation>
        </message>
        <message>
            <source>Last 3 months</source>
            <translation>Letzte 3 Monate</translation>
        </message>
        <message>
            <source>Last year</source>
            <translation>Letztes Jahr</translation>
        </message>
        <message>
            <source>From … to …</source>
            <translation>Von … bis …</translation>
        </message>
        <message>
            <source>All methods</source>
            <translation>Alle Methoden</translation>
        </message>
        <message>
            <source>All clothes</source>
            <translation>Jede Kleidung</translation>
        </message>
        <message>
            <source>to</source>
            <translation>bis</translation>
        </message>
        <message>
            <source>Search clothes and notes (Ctrl+F)</source>
            <translation>Kleidung und Notizen durchsuchen (Strg+F)</translation>
        </message>
        <message>
            <source>First day to show</source>
            <translation>Erster Tag</translation>
        </message>
        <message>
            <source>Last day to show</source>
            <translation>Letzter Tag</translation>
        </message>
        <message>
            <source>Show all checks again</source>
            <translation>Wieder alle Messungen zeigen</translation>
        </message>
        <message>
            <source>Nothing said</source>
            <translation>Keine Angabe</translation>
        </message>
    </context>
    <context>
        <name>CheckDetail</name>
        <message>
            <source>The check in full</source>
            <translation>Die ganze Messung</translation>
        </message>
        <message>
            <source>The picture with what was measured</source>
            <translation>Das Bild mit der eingezeichneten Messung</translation>
        </message>
        <message>
            <source>Close the check</source>
            <translation>Messung schließen</translation>
        </message>
        <message>
            <source>Close the check (Escape)</source>
            <translation>Messung schließen (Esc)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Mehr zu diesem Ergebnis</translation>
        </message>
        <message>
            <source>Numbers and conditions of the check</source>
            <translation>Zahlen und Bedingungen der Messung</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>Aufgenommen</translation>
        </message>
        <message>
            <source>The day of the picture; correct it here</source>
            <translation>Der Tag der Aufnahme; hier können Sie ihn berichtigen</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Kleidung</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Arme</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>keine Angabe</translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message>
            <source>How much of the later picture shows, in percent</source>
            <translation>Wie viel vom späteren Bild zu sehen ist, in Prozent</translation>
        </message>
        <message>
            <source>Compare two checks</source>
            <translation>Zwei Messungen vergleichen</translation>
        </message>
        <message>
            <source>Back to all checks</source>
            <translation>Zurück zu allen Messungen</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Zurück zu allen Messungen (Esc)</translation>
        </message>
        <message>
            <source>Side by side</source>
            <translation>Nebeneinander</translation>
        </message>
        <message>
            <source>Laid over each other</source>
            <translation>Übereinander</translation>
        </message>
        <message>
            <source>The later picture laid over the earlier one</source>
            <translation>Das spätere Bild über dem früheren</translation>
        </message>
        <message>
            <source>Earlier</source>
            <translation>Früher</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Später</translation>
        </message>
    </context>
    <context>
        <name>_Side</name>
        <message>
            <source>{which} picture</source>
            <translation>Bild: {which}</translation>
        </message>
    </context>
    <context>
        <name>ExperimentSection</name>
        <message>
            <source>Did it help?</source>
            <translation>Hat es geholfen?</translation>
        </message>
    </context>
    <context>
        <name>ExperimentView</name>
        <message>
            <source>Back to all checks</source>
            <translation>Zurück zu allen Messungen</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Zurück zu allen Messungen (Esc)</translation>
        </message>
    </context>
    <context>
        <name>HistoryPage</name>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>Next check: due since {day}</source>
            <translation>Nächste Messung: fällig seit {day}</translation>
        </message>
        <message>
            <source>Next check: {day}</source>
            <translation>Nächste Messung: {day}</translation>
        </message>
        <message>
            <source>Report…</source>
            <translation>Bericht…</translation>
        </message>
        <message>
            <source>Write a PDF to bring to a physiotherapist</source>
            <translation>Ein PDF für die Physiotherapie erstellen</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportieren…</translation>
        </message>
        <message>
            <source>Write all checks to a file for other programs</source>
            <translation>Alle Messungen in eine Datei für andere Programme schreiben</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>Importieren…</translation>
        </message>
        <message>
            <source>Read checks from a file that was exported before</source>
            <translation>Messungen aus einer früher exportierten Datei einlesen</translation>
        </message>
    </context>
    <context>
        <name>HistoryActions</name>
        <message>
            <source>Spreadsheet, checks only (*.csv)</source>
            <translation>Tabelle, nur Messungen (*.csv)</translation>
        </message>
        <message>
            <source>Everything (*.json)</source>
            <translation>Alles (*.json)</translation>
        </message>
        <message>
            <source>Export all checks</source>
            <translation>Alle Messungen exportieren</translation>
        </message>
        <message>
            <source>Backup (*.zip)</source>
            <translation>Sicherung (*.zip)</translation>
        </message>
        <message>
            <source>Backed up to {path}: {checks} checks, {pictures} pictures.</source>
            <translation>Gesichert in {path}: {checks} Messungen, {pictures} Bilder.</translation>
        </message>
        <message>
            <source>Brought back: {new} checks, {pictures} pictures. Already there: {old} checks.</source>
            <translation>Zurückgeholt: {new} Messungen, {pictures} Bilder. Schon vorhanden: {old} Messungen.</translation>
        </message>
        <message>
            <source>Import checks</source>
            <translation>Messungen importieren</translation>
        </message>
        <message>
            <source>Checks added: {new}. Already there, and left as they are: {old}.</source>
            <translation>Neue Messungen: {new}. Schon vorhanden und unverändert: {old}.</translation>
        </message>
        <message>
            <source>Exported checks and backups (*.csv *.json *.zip)</source>
            <translation>Exportierte Messungen und Sicherungen (*.csv *.json *.zip)</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}.</source>
            <translation>Neue Übungen, Pausen, Selbsttests, Antworten und Kalibrierungen: {count}.</translation>
        </message>
        <message>
            <source>Back up everything</source>
            <translation>Alles sichern</translation>
        </message>
        <message>
            <source>Checks written to {path}: {count}.</source>
            <translation>In {path} geschriebene Messungen: {count}.</translation>
        </message>
        <message>
            <source>Squeeze tests added: {count}.</source>
            <translation>Neue Anspannungstests: {count}.</translation>
        </message>
    </context>
    <context>
        <name>RangeModel</name>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Range (likely)</source>
            <translation>Beweglichkeit (wahrscheinlich)</translation>
        </message>
        <message>
            <source>Relaxed, from tucked to arched (likely)</source>
            <translation>Locker, von eingezogen bis herausgestreckt (wahrscheinlich)</translation>
        </message>
        <message>
            <source>Measured by</source>
            <translation>Gemessen mit</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Wo</translation>
        </message>
    </context>
    <context>
        <name>SelfTestSection</name>
        <message>
            <source>Deleted {tests}</source>
            <translation>Gelöscht: {tests}</translation>
        </message>
    </context>
    <context>
        <name>SelfTestList</name>
        <message>
            <source>Back to all checks</source>
            <translation>Zurück zu allen Messungen</translation>
        </message>
        <message>
            <source>Back to all checks (Escape)</source>
            <translation>Zurück zu allen Messungen (Esc)</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Delete the selected tests (Delete)</source>
            <translation>Ausgewählte Tests löschen (Entf)</translation>
        </message>
    </context>
    <context>
        <name>SqueezeSection</name>
        <message>
            <source>Answer changed</source>
            <translation>Antwort geändert</translation>
        </message>
    </context>
    <context>
        <name>SqueezeModel</name>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Turn (likely)</source>
            <translation>Bewegung (wahrscheinlich)</translation>
        </message>
    </context>
    <context>
        <name>CheckModel</name>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Tilt (likely)</source>
            <translation>Kippung (wahrscheinlich)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>Methode</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Kleidung</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Arme</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>kept</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>none</source>
            <translation>nein</translation>
        </message>
    </context>
    <context>
        <name>CheckList</name>
        <message>
            <source>Checks</source>
            <translation>Messungen</translation>
        </message>
        <message>
            <source>Enter opens a check, F2 edits clothes or note, Delete deletes.</source>
            <translation>Die Eingabetaste öffnet eine Messung, F2 ändert Kleidung oder Notiz, Entf löscht.</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Zeigen</translation>
        </message>
        <message>
            <source>Compare the two</source>
            <translation>Beide vergleichen</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Edit clothes</source>
            <translation>Kleidung ändern</translation>
        </message>
        <message>
            <source>Edit note</source>
            <translation>Notiz ändern</translation>
        </message>
    </context>
    <context>
        <name>TrendPanel</name>
        <message>
            <source>Way of measuring that the trend shows</source>
            <translation>Messmethode, deren Trend gezeigt wird</translation>
        </message>
        <message>
            <source>Different ways of measuring are never mixed: choose the one to see</source>
            <translation>Verschiedene Messmethoden werden nie vermischt: Wählen Sie, welche Sie sehen möchten</translation>
        </message>
        <message>
            <source>Show less time (+)</source>
            <translation>Kürzeren Zeitraum zeigen (+)</translation>
        </message>
        <message>
            <source>Show more time (-)</source>
            <translation>Längeren Zeitraum zeigen (-)</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>Alles zeigen</translation>
        </message>
        <message>
            <source>Show all checks in the trend (0)</source>
            <translation>Alle Messungen im Trend zeigen (0)</translation>
        </message>
    </context>
    <context>
        <name>TrendPlot</name>
        <message>
            <source>Tilt over time</source>
            <translation>Kippung im Lauf der Zeit</translation>
        </message>
        <message>
            <source>Left and Right go from check to check, Enter opens one, plus and minus zoom, Shift with an arrow moves the view, 0 shows all.</source>
            <translation>Links und Rechts gehen von Messung zu Messung, die Eingabetaste öffnet eine, Plus und Minus ändern den Zoom, Umschalt mit einer Pfeiltaste verschiebt die Ansicht, 0 zeigt alles.</translation>
        </message>
    </context>
    <context>
        <name>KeysDialog</name>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Everywhere</source>
            <translation>Überall</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Messen</translation>
        </message>
        <message>
            <source>Marking points</source>
            <translation>Punkte markieren</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>Live</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Übungen</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>The first page; Ctrl+2 the second, and so on</source>
            <translation>Die erste Seite; Strg+2 die zweite und so weiter</translation>
        </message>
        <message>
            <source>Open a photograph</source>
            <translation>Ein Foto öffnen</translation>
        </message>
        <message>
            <source>Measure a picture that was copied</source>
            <translation>Ein kopiertes Bild messen</translation>
        </message>
        <message>
            <source>Take back what was done last</source>
            <translation>Den letzten Schritt zurücknehmen</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Wieder ausführen</translation>
        </message>
        <message>
            <source>Larger text; Ctrl+- makes it smaller (not on Check)</source>
            <translation>Größere Schrift; Strg+- macht sie kleiner (nicht auf „Messen“)</translation>
        </message>
        <message>
            <source>The usual text size</source>
            <translation>Die normale Schriftgröße</translation>
        </message>
        <message>
            <source>Fill the screen, or leave it</source>
            <translation>Vollbild ein oder aus</translation>
        </message>
        <message>
            <source>This list</source>
            <translation>Diese Liste</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>Save the check</source>
            <translation>Die Messung speichern</translation>
        </message>
        <message>
            <source>Copy the result: words and picture</source>
            <translation>Das Ergebnis kopieren: Text und Bild</translation>
        </message>
        <message>
            <source>Mark the bony points yourself</source>
            <translation>Knochenpunkte selbst markieren</translation>
        </message>
        <message>
            <source>Back to the result before</source>
            <translation>Zurück zum vorigen Ergebnis</translation>
        </message>
        <message>
            <source>Choose the first of several people; 2 the second</source>
            <translation>Von mehreren Personen die erste wählen; 2 die zweite</translation>
        </message>
        <message>
            <source>Open the selected one of several pictures</source>
            <translation>Von mehreren Bildern das ausgewählte öffnen</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Das ganze Bild zeigen</translation>
        </message>
        <message>
            <source>Zoom in; Ctrl+- zooms out</source>
            <translation>Vergrößern; Strg+- verkleinert</translation>
        </message>
        <message>
            <source>Draw all lines, or none</source>
            <translation>Alle Linien zeichnen oder keine</translation>
        </message>
        <message>
            <source>The next point</source>
            <translation>Der nächste Punkt</translation>
        </message>
        <message>
            <source>Arrow keys move the point; with Shift faster</source>
            <translation>Pfeiltasten bewegen den Punkt, mit Umschalt schneller</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Stop; any other key does, too</source>
            <translation>Stoppen; jede andere Taste tut es auch</translation>
        </message>
        <message>
            <source>Pause, or go on</source>
            <translation>Anhalten oder weitermachen</translation>
        </message>
        <message>
            <source>This hurts</source>
            <translation>Das tut weh</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Suchen</translation>
        </message>
        <message>
            <source>Show the selected check</source>
            <translation>Die ausgewählte Messung zeigen</translation>
        </message>
        <message>
            <source>Copy the check that is shown</source>
            <translation>Die gezeigte Messung kopieren</translation>
        </message>
        <message>
            <source>Compare the two that are selected</source>
            <translation>Die beiden ausgewählten vergleichen</translation>
        </message>
        <message>
            <source>Delete what is selected</source>
            <translation>Das Ausgewählte löschen</translation>
        </message>
        <message>
            <source>Read the history again</source>
            <translation>Den Verlauf neu einlesen</translation>
        </message>
    </context>
    <context>
        <name>LiveIntro</name>
        <message>
            <source>Switch the camera on and begin</source>
            <translation>Kamera einschalten und beginnen</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Start</translation>
        </message>
    </context>
    <context>
        <name>LiveSetup</name>
        <message>
            <source>Measuring more often makes a check surer</source>
            <translation>Öfter messen macht das Ergebnis sicherer</translation>
        </message>
        <message>
            <source>More shows the outline better, but is slower</source>
            <translation>Mehr zeigt den Umriss besser, ist aber langsamer</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>Einrichtung</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Aufgabe</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Messung</translation>
        </message>
        <message>
            <source>Measure the tilt of the pelvis</source>
            <translation>Die Kippung des Beckens messen</translation>
        </message>
        <message>
            <source>Squeeze test</source>
            <translation>Anspannungstest</translation>
        </message>
        <message>
            <source>See how far the pelvis turns backward when you squeeze your buttocks</source>
            <translation>Sehen, wie weit das Becken nach hinten kippt, wenn Sie das Gesäß anspannen</translation>
        </message>
        <message>
            <source>See how far you can turn the pelvis, and where you stand in between</source>
            <translation>Sehen, wie weit Sie das Becken kippen können und wo Sie dazwischen stehen</translation>
        </message>
        <message>
            <source>From three photographs…</source>
            <translation>Aus drei Fotos…</translation>
        </message>
        <message>
            <source>Work out the range test from a picture of each position</source>
            <translation>Den Beweglichkeitstest aus einem Bild jeder Position berechnen</translation>
        </message>
        <message>
            <source>Repeats</source>
            <translation>Wiederholungen</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Resolution</source>
            <translation>Auflösung</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>Bild spiegeln</translation>
        </message>
        <message>
            <source>This changes what you see, not what is measured</source>
            <translation>Das ändert, was Sie sehen, nicht, was gemessen wird</translation>
        </message>
        <message>
            <source>Start when this page opens</source>
            <translation>Beim Öffnen dieser Seite starten</translation>
        </message>
        <message>
            <source>Otherwise the camera waits for Start each time</source>
            <translation>Sonst wartet die Kamera jedes Mal auf „Start“</translation>
        </message>
        <message>
            <source>Where the camera stands</source>
            <translation>Wo die Kamera steht</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>Ton</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Stimme</translation>
        </message>
        <message>
            <source>Instructions are spoken</source>
            <translation>Anweisungen werden angesagt</translation>
        </message>
        <message>
            <source>Tones</source>
            <translation>Töne</translation>
        </message>
        <message>
            <source>For the beginning and the end, and where there is no voice</source>
            <translation>Zu Beginn und Ende, und wenn es keine Stimme gibt</translation>
        </message>
    </context>
    <context>
        <name>LiveResult</name>
        <message>
            <source>Result of the live check</source>
            <translation>Ergebnis der Live-Messung</translation>
        </message>
        <message>
            <source>More about this result</source>
            <translation>Mehr zu diesem Ergebnis</translation>
        </message>
        <message>
            <source>Check again</source>
            <translation>Neu messen</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>Die Kamera noch einmal einschalten</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Remove this check from the history</source>
            <translation>Diese Messung aus dem Verlauf entfernen</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <source>Save what was measured so far</source>
            <translation>Speichern, was bisher gemessen wurde</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>Save nothing</source>
            <translation>Nichts speichern</translation>
        </message>
        <message>
            <source>Calibrate with this check</source>
            <translation>Mit dieser Messung kalibrieren</translation>
        </message>
        <message>
            <source>Learn from the stickers how your bones differ from your outline</source>
            <translation>Von den Klebepunkten lernen, wie Ihre Knochen vom Umriss abweichen</translation>
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
            <translation>Die Kamera erst einmal ausschalten</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Stopp</translation>
        </message>
        <message>
            <source>Stop; what was measured can be kept (Esc)</source>
            <translation>Stoppen; was gemessen wurde, können Sie behalten (Esc)</translation>
        </message>
        <message>
            <source>Set-up</source>
            <translation>Einrichtung</translation>
        </message>
        <message>
            <source>Show or hide the set-up</source>
            <translation>Einrichtung ein- oder ausblenden</translation>
        </message>
    </context>
    <context>
        <name>RangePhotographs</name>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Back to the camera</source>
            <translation>Zurück zur Kamera</translation>
        </message>
        <message>
            <source>Pictures ({patterns})</source>
            <translation>Bilder ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
    </context>
    <context>
        <name>LiveStage</name>
        <message>
            <source>Live picture</source>
            <translation>Live-Bild</translation>
        </message>
    </context>
    <context>
        <name>LiveTest</name>
        <message>
            <source>Test again</source>
            <translation>Neu testen</translation>
        </message>
        <message>
            <source>Switch the camera on once more</source>
            <translation>Die Kamera noch einmal einschalten</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Remove this test from the history</source>
            <translation>Diesen Test aus dem Verlauf entfernen</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <source>Try to save this test again</source>
            <translation>Test noch einmal speichern</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Usual text size</source>
            <translation>Normale Schriftgröße</translation>
        </message>
        <message>
            <source>There is no backup of your checks yet. Settings makes one.</source>
            <translation>Von Ihren Messungen gibt es noch keine Sicherung. In den Einstellungen können Sie eine anlegen.</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederherstellen</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>Full screen</source>
            <translation>Vollbild</translation>
        </message>
        <message>
            <source>Your last backup is from {day}. Settings makes a new one.</source>
            <translation>Ihre letzte Sicherung ist vom {day}. In den Einstellungen können Sie eine neue anlegen.</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Paste</source>
            <translation>Einfügen</translation>
        </message>
        <message>
            <source>Larger text</source>
            <translation>Größere Schrift</translation>
        </message>
        <message>
            <source>Smaller text</source>
            <translation>Kleinere Schrift</translation>
        </message>
    </context>
    <context>
        <name>Navigation</name>
        <message>
            <source>Pages</source>
            <translation>Seiten</translation>
        </message>
        <message>
            <source>Find, add or change people…</source>
            <translation>Personen suchen, hinzufügen oder ändern…</translation>
        </message>
        <message>
            <source>Whose checks are shown: {name}</source>
            <translation>Wessen Messungen zu sehen sind: {name}</translation>
        </message>
        <message>
            <source>{title}: a break is due</source>
            <translation>{title}: eine Pause ist fällig</translation>
        </message>
        <message>
            <source>Person: {name}</source>
            <translation>Person: {name}</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Deleted all people with all their checks</source>
            <translation>Alle Personen mit allen Messungen gelöscht</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Messen</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>Live</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Übungen</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>Weniger sitzen</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
    </context>
    <context>
        <name>PeopleCard</name>
        <message>
            <source>Each person has a history of their own. To rename somebody, select the name and press F2, or click it twice.</source>
            <translation>Jede Person hat ihren eigenen Verlauf. Zum Umbenennen wählen Sie den Namen aus und drücken F2, oder Sie klicken zweimal darauf.</translation>
        </message>
        <message>
            <source>People</source>
            <translation>Personen</translation>
        </message>
        <message>
            <source>Search by name or ID</source>
            <translation>Nach Name oder Kennung suchen</translation>
        </message>
        <message>
            <source>How people are sorted</source>
            <translation>Wie die Personen sortiert sind</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>Kennung</translation>
        </message>
        <message>
            <source>Last seen</source>
            <translation>Letzter Besuch</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>Nächste Messung</translation>
        </message>
        <message>
            <source>People whose checks are kept</source>
            <translation>Personen, deren Messungen gespeichert sind</translation>
        </message>
        <message>
            <source>Name of the person to add</source>
            <translation>Name der neuen Person</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Hinzufügen</translation>
        </message>
        <message>
            <source>Add person</source>
            <translation>Person hinzufügen</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Remove the selected person</source>
            <translation>Die ausgewählte Person entfernen</translation>
        </message>
        <message>
            <source>Show checks</source>
            <translation>Messungen zeigen</translation>
        </message>
        <message>
            <source>Go on with the selected person</source>
            <translation>Mit der ausgewählten Person weitermachen</translation>
        </message>
        <message>
            <source>Renamed {before}</source>
            <translation>{before} umbenannt</translation>
        </message>
        <message>
            <source>Select the person to remove first.</source>
            <translation>Wählen Sie zuerst aus, wen Sie entfernen möchten.</translation>
        </message>
        <message>
            <source>Removed {name} with all checks</source>
            <translation>{name} mit allen Messungen entfernt</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>fällig seit {day}</translation>
        </message>
        <message>
            <source>Added {name}</source>
            <translation>{name} hinzugefügt</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>Nach Namen</translation>
        </message>
        <message>
            <source>Last seen first</source>
            <translation>Nach letztem Besuch</translation>
        </message>
        <message>
            <source>Next check first</source>
            <translation>Nach nächster Messung</translation>
        </message>
    </context>
    <context>
        <name>DetailsRow</name>
        <message>
            <source>ID of the selected person</source>
            <translation>Kennung der ausgewählten Person</translation>
        </message>
        <message>
            <source>Birth year of the selected person</source>
            <translation>Geburtsjahr der ausgewählten Person</translation>
        </message>
        <message>
            <source>Next check of the selected person</source>
            <translation>Nächste Messung der ausgewählten Person</translation>
        </message>
        <message>
            <source>On that day a line in the window reminds you.</source>
            <translation>An diesem Tag erinnert Sie eine Zeile im Fenster.</translation>
        </message>
        <message>
            <source>Day of the next check</source>
            <translation>Tag der nächsten Messung</translation>
        </message>
        <message>
            <source>ID</source>
            <translation>Kennung</translation>
        </message>
        <message>
            <source>Born</source>
            <translation>Geboren</translation>
        </message>
        <message>
            <source>Next check</source>
            <translation>Nächste Messung</translation>
        </message>
        <message>
            <source>Changed what is known of {name}</source>
            <translation>Angaben zu {name} geändert</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keine</translation>
        </message>
        <message>
            <source>On a day</source>
            <translation>An einem Tag</translation>
        </message>
    </context>
    <context>
        <name>MarkEditor</name>
        <message>
            <source>{name}: drag it, or use the arrow keys; Tab goes to the next</source>
            <translation>{name}: ziehen oder mit den Pfeiltasten bewegen; Tab geht zum nächsten</translation>
        </message>
        <message>
            <source>Front point</source>
            <translation>Vorderer Punkt</translation>
        </message>
        <message>
            <source>Back point</source>
            <translation>Hinterer Punkt</translation>
        </message>
        <message>
            <source>Upper end of the plumb line</source>
            <translation>Oberes Ende des Lots</translation>
        </message>
        <message>
            <source>Lower end of the plumb line</source>
            <translation>Unteres Ende des Lots</translation>
        </message>
    </context>
    <context>
        <name>PointsDrawing</name>
        <message>
            <source>Drawing: where the two bony points are</source>
            <translation>Zeichnung: wo die beiden Knochenpunkte liegen</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>vorderer Punkt</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>hinterer Punkt</translation>
        </message>
    </context>
    <context>
        <name>PictureView</name>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
    </context>
    <context>
        <name>PracticeCard</name>
        <message>
            <source>For physiotherapists: this stands at the top of each report. Others leave it empty.</source>
            <translation>Für Physiotherapie-Praxen: Das steht oben auf jedem Bericht. Alle anderen lassen es leer.</translation>
        </message>
        <message>
            <source>Your practice</source>
            <translation>Ihre Praxis</translation>
        </message>
        <message>
            <source>Name of your practice</source>
            <translation>Name Ihrer Praxis</translation>
        </message>
        <message>
            <source>Logo of your practice</source>
            <translation>Logo Ihrer Praxis</translation>
        </message>
        <message>
            <source>Choose logo…</source>
            <translation>Logo wählen…</translation>
        </message>
        <message>
            <source>Remove logo</source>
            <translation>Logo entfernen</translation>
        </message>
        <message>
            <source>Choose logo</source>
            <translation>Logo wählen</translation>
        </message>
        <message>
            <source>Changed the name of the practice</source>
            <translation>Name der Praxis geändert</translation>
        </message>
        <message>
            <source>Changed the logo of the practice</source>
            <translation>Logo der Praxis geändert</translation>
        </message>
        <message>
            <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif)</source>
            <translation>Bilder (*.png *.jpg *.jpeg *.webp *.gif)</translation>
        </message>
    </context>
    <context>
        <name>RatingPage</name>
        <message>
            <source>Zoom out</source>
            <translation>Verkleinern</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Vergrößern</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>Einpassen</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>Das ganze Bild zeigen</translation>
        </message>
    </context>
    <context>
        <name>RatingPanel</name>
        <message>
            <source>Change my last answer</source>
            <translation>Meine letzte Antwort ändern</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>To be laid on a door frame or the edge of a wall</source>
            <translation>Zum Anlegen an einen Türrahmen oder eine Wandkante</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>Den letzten Schritt zurücknehmen</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederherstellen</translation>
        </message>
        <message>
            <source>Do it again</source>
            <translation>Wieder ausführen</translation>
        </message>
        <message>
            <source>This is an answer, too</source>
            <translation>Auch das ist eine Antwort</translation>
        </message>
        <message>
            <source>Keep this answer and go on</source>
            <translation>Diese Antwort speichern und weitergehen</translation>
        </message>
        <message>
            <source>For a slip: until you answer again, the last answer holds</source>
            <translation>Falls Sie sich vertan haben: Bis Sie neu antworten, gilt die letzte Antwort</translation>
        </message>
        <message>
            <source>Hide the photograph and stop the clock</source>
            <translation>Das Foto verbergen und die Uhr anhalten</translation>
        </message>
        <message>
            <source>Remove the plumb line</source>
            <translation>Lot entfernen</translation>
        </message>
        <message>
            <source>Add a plumb line</source>
            <translation>Lot hinzufügen</translation>
        </message>
        <message>
            <source>Finish</source>
            <translation>Abschließen</translation>
        </message>
        <message>
            <source>Next photograph</source>
            <translation>Nächstes Foto</translation>
        </message>
        <message>
            <source>Have the arrow keys move this point</source>
            <translation>Diesen Punkt mit den Pfeiltasten bewegen</translation>
        </message>
    </context>
    <context>
        <name>RatingStart</name>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Beginnen</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
    </context>
    <context>
        <name>RatingPause</name>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
    </context>
    <context>
        <name>RatingEnd</name>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Change my last answer</source>
            <translation>Meine letzte Antwort ändern</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Ordner öffnen</translation>
        </message>
    </context>
    <context>
        <name>RatingWindow</name>
        <message>
            <source>Keeping your answer</source>
            <translation>Ihre Antwort wird gespeichert</translation>
        </message>
    </context>
    <context>
        <name>ReportDialog</name>
        <message>
            <source>A report to bring to a physiotherapist. Person: {name}</source>
            <translation>Ein Bericht zum Mitnehmen in die Physiotherapie. Person: {name}</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <source>Blur the face in the pictures</source>
            <translation>Gesicht auf den Bildern unkenntlich machen</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>Als PDF speichern…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>ReportSaved</name>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>Im Ordner zeigen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>The report is saved in {path}.</source>
            <translation>Der Bericht ist gespeichert: {path}</translation>
        </message>
        <message>
            <source>No program on this computer opens {path}.</source>
            <translation>Kein Programm auf diesem Computer öffnet {path}.</translation>
        </message>
    </context>
    <context>
        <name>ReportActions</name>
        <message>
            <source>Save the report</source>
            <translation>Bericht speichern</translation>
        </message>
        <message>
            <source>The history is still being opened. Try again in a moment.</source>
            <translation>Der Verlauf wird noch geöffnet. Versuchen Sie es gleich noch einmal.</translation>
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
            <translation>Kürzlich gelöscht</translation>
        </message>
        <message>
            <source>What was deleted</source>
            <translation>Was gelöscht wurde</translation>
        </message>
        <message>
            <source>Bring back</source>
            <translation>Zurückholen</translation>
        </message>
        <message>
            <source>Delete for good…</source>
            <translation>Endgültig löschen…</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>Endgültig löschen</translation>
        </message>
        <message>
            <source>Delete what you selected for good? This cannot be undone.</source>
            <translation>Das Ausgewählte endgültig löschen? Das lässt sich nicht rückgängig machen.</translation>
        </message>
        <message>
            <source>What you delete stays here for {days} days, and then goes for good.</source>
            <translation>Was Sie löschen, bleibt {days} Tage hier und verschwindet dann endgültig.</translation>
        </message>
    </context>
    <context>
        <name>DeleteEverything</name>
        <message>
            <source>DELETE</source>
            <translation>LÖSCHEN</translation>
        </message>
        <message>
            <source>Delete everything</source>
            <translation>Alles löschen</translation>
        </message>
        <message>
            <source>Make a backup first…</source>
            <translation>Erst sichern…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>This deletes all people with all their checks and pictures. For {days} days you can bring them back, from the list of what was recently deleted.</source>
            <translation>Damit löschen Sie alle Personen mit allen Messungen und Bildern. {days} Tage lang können Sie sie aus der Liste „Kürzlich gelöscht“ zurückholen.</translation>
        </message>
        <message>
            <source>Type {word} to go on.</source>
            <translation>Geben Sie {word} ein, um fortzufahren.</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>The copy has no date, place or camera in it. Without it only numbers are kept, and two checks cannot be laid over one another. You can choose again for each check.</source>
            <translation>Die Kopie enthält weder Datum noch Ort noch Kamera. Ohne sie werden nur Zahlen gespeichert, und zwei Messungen lassen sich nicht übereinanderlegen. Bei jeder Messung können Sie neu wählen.</translation>
        </message>
        <message>
            <source>Everything stays on this computer, in the folder below. Nothing is sent anywhere.</source>
            <translation>Alles bleibt auf diesem Computer, im Ordner unten. Nichts wird irgendwohin gesendet.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>Hilfe</translation>
        </message>
        <message>
            <source>Light or dark</source>
            <translation>Hell oder dunkel</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>Same as the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Text size</source>
            <translation>Schriftgröße</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>Aussehen</translation>
        </message>
        <message>
            <source>Keep a small copy of each picture</source>
            <translation>Kleine Kopie jedes Bildes behalten</translation>
        </message>
        <message>
            <source>Remember the last pictures you opened</source>
            <translation>Zuletzt geöffnete Bilder merken</translation>
        </message>
        <message>
            <source>Forget them</source>
            <translation>Vergessen</translation>
        </message>
        <message>
            <source>Forget the pictures you opened last</source>
            <translation>Die zuletzt geöffneten Bilder vergessen</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Folder of your data</source>
            <translation>Ordner mit Ihren Daten</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Ordner öffnen</translation>
        </message>
        <message>
            <source>Back up…</source>
            <translation>Sichern…</translation>
        </message>
        <message>
            <source>Everything with its pictures in one file, to keep on another disk</source>
            <translation>Alles samt Bildern in einer Datei, zum Aufbewahren auf einem anderen Datenträger</translation>
        </message>
        <message>
            <source>Blur all faces in the backup</source>
            <translation>Alle Gesichter in der Sicherung unkenntlich machen</translation>
        </message>
        <message>
            <source>For a copy that others see: the faces cannot be had back from it.</source>
            <translation>Für eine Kopie, die andere sehen: Die Gesichter lassen sich daraus nicht wiederherstellen.</translation>
        </message>
        <message>
            <source>Bring a backup back…</source>
            <translation>Sicherung zurückholen…</translation>
        </message>
        <message>
            <source>Adds what is missing; nothing that is there is changed</source>
            <translation>Ergänzt, was fehlt; Vorhandenes bleibt unverändert</translation>
        </message>
        <message>
            <source>Delete everything…</source>
            <translation>Alles löschen…</translation>
        </message>
        <message>
            <source>All people with all their checks and pictures; asks before it does</source>
            <translation>Alle Personen mit allen Messungen und Bildern; vorher wird gefragt</translation>
        </message>
        <message>
            <source>Your data</source>
            <translation>Ihre Daten</translation>
        </message>
        <message>
            <source>There is no backup yet.</source>
            <translation>Es gibt noch keine Sicherung.</translation>
        </message>
        <message>
            <source>Log…</source>
            <translation>Protokoll…</translation>
        </message>
        <message>
            <source>What went wrong, for a report</source>
            <translation>Was schiefgegangen ist, für eine Fehlermeldung</translation>
        </message>
        <message>
            <source>About Beltline</source>
            <translation>Über Beltline</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>The last backup was made on {day}.</source>
            <translation>Die letzte Sicherung ist vom {day}.</translation>
        </message>
        <message>
            <source>Version {version}. Free software under the GNU General Public Licence, version 3 or later. People are found with MediaPipe's pose model (Apache 2.0); the outline is read by a model of our own, trained on computer-made bodies. That tests geometry and does not prove accuracy on people.</source>
            <translation>Version {version}. Freie Software unter der GNU General Public License, Version 3 oder neuer. Personen werden mit dem Posenmodell von MediaPipe gefunden (Apache 2.0); den Umriss liest ein eigenes Modell, das an computererzeugten Körpern trainiert wurde. Das prüft die Geometrie und beweist nicht, wie genau es bei Menschen misst.</translation>
        </message>
    </context>
    <context>
        <name>CameraChoice</name>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>What the pictures come from</source>
            <translation>Woher die Bilder kommen</translation>
        </message>
        <message>
            <source>None chosen</source>
            <translation>Keine gewählt</translation>
        </message>
        <message>
            <source>Address of the camera</source>
            <translation>Adresse der Kamera</translation>
        </message>
        <message>
            <source>Connect</source>
            <translation>Verbinden</translation>
        </message>
        <message>
            <source>Take pictures from this address</source>
            <translation>Bilder von dieser Adresse holen</translation>
        </message>
        <message>
            <source>Phone or network camera…</source>
            <translation>Handy oder Netzwerkkamera…</translation>
        </message>
        <message>
            <source>Film…</source>
            <translation>Video…</translation>
        </message>
        <message>
            <source>Choose a film</source>
            <translation>Video wählen</translation>
        </message>
        <message>
            <source>Films ({patterns})</source>
            <translation>Videos ({patterns})</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
    </context>
    <context>
        <name>Disclosure</name>
        <message>
            <source>{what}, shown</source>
            <translation>{what}, aufgeklappt</translation>
        </message>
        <message>
            <source>{what}, hidden</source>
            <translation>{what}, zugeklappt</translation>
        </message>
        <message>
            <source>▾ Less</source>
            <translation>▾ Weniger</translation>
        </message>
        <message>
            <source>▸ More</source>
            <translation>▸ Mehr</translation>
        </message>
    </context>
    <context>
        <name>ProgressSign</name>
        <message>
            <source>Measuring</source>
            <translation>Wird gemessen</translation>
        </message>
    </context>
    <context>
        <name>_CloseButton</name>
        <message>
            <source>Close this line</source>
            <translation>Diese Zeile schließen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
    </context>
    <context>
        <name>UndoBar</name>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Take it back ({keys})</source>
            <translation>Zurücknehmen ({keys})</translation>
        </message>
        <message>
            <source>Undo: {what}</source>
            <translation>Rückgängig: {what}</translation>
        </message>
    </context>
    <context>
        <name>ErrorBar</name>
        <message>
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
        <message>
            <source>Read the history again (F5)</source>
            <translation>Den Verlauf neu einlesen (F5)</translation>
        </message>
        <message>
            <source>Beltline itself failed at this. Nothing that was saved is lost; try again, and report it if it happens again.</source>
            <translation>Hier ist in Beltline selbst ein Fehler aufgetreten. Gespeichertes ist nicht verloren. Versuchen Sie es noch einmal und melden Sie den Fehler, wenn er wieder auftritt.</translation>
        </message>
    </context>
    <context>
        <name>TiltDial</name>
        <message>
            <source>Scale</source>
            <translation>Skala</translation>
        </message>
        <message>
            <source>level</source>
            <translation>waagerecht</translation>
        </message>
        <message>
            <source>← backward</source>
            <translation>← nach hinten</translation>
        </message>
        <message>
            <source>forward →</source>
            <translation>nach vorn →</translation>
        </message>
        <message>
            <source>← higher in front</source>
            <translation>← vorn höher</translation>
        </message>
        <message>
            <source>lower in front →</source>
            <translation>vorn tiefer →</translation>
        </message>
        <message>
            <source>{number} Shown with the {range}.</source>
            <translation>{number} Eingezeichnet: {range}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.engine</name>
        <message>
            <source>The database on a server needs the package psycopg, which is not installed.</source>
            <translation>Die Datenbank auf einem Server braucht das Paket psycopg; es ist nicht installiert.</translation>
        </message>
        <message>
            <source>Install it with: pip install "beltline[postgresql]".</source>
            <translation>Installieren Sie es mit: pip install "beltline[postgresql]".</translation>
        </message>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>Schreiben Sie sie als postgresql://user:password@host/database oder lassen Sie sie weg.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>{variable} ist keine Adresse einer PostgreSQL-Datenbank.</translation>
        </message>
        <message>
            <source>The database on the server cannot be reached.</source>
            <translation>Die Datenbank auf dem Server ist nicht erreichbar.</translation>
        </message>
        <message>
            <source>The disk of the database server is full.</source>
            <translation>Der Datenträger des Datenbankservers ist voll.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server.</source>
            <translation>Wenden Sie sich an die Betreuung des Servers.</translation>
        </message>
        <message>
            <source>Nothing may be written to the database on the server.</source>
            <translation>In die Datenbank auf dem Server darf nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>The database server is just starting or stopping, or serves too many others.</source>
            <translation>Der Datenbankserver startet gerade, wird gerade beendet oder ist überlastet.</translation>
        </message>
        <message>
            <source>Wait a minute, then try again.</source>
            <translation>Warten Sie eine Minute und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The database server does not take the settings, such as search_path, that the address of the database brings.</source>
            <translation>Der Datenbankserver nimmt die Einstellungen aus der Adresse der Datenbank nicht an, zum Beispiel search_path.</translation>
        </message>
        <message>
            <source>The database server does not let this user in, or has no such database.</source>
            <translation>Der Datenbankserver lässt diesen Benutzernamen nicht zu oder hat keine solche Datenbank.</translation>
        </message>
        <message>
            <source>Check the network, and the address in {variable}.</source>
            <translation>Prüfen Sie das Netzwerk und die Adresse in {variable}.</translation>
        </message>
        <message>
            <source>Ask whoever looks after the server, or name another one in {variable}.</source>
            <translation>Wenden Sie sich an die Betreuung des Servers oder nennen Sie in {variable} einen anderen.</translation>
        </message>
        <message>
            <source>Check what follows the name of the database in {variable}.</source>
            <translation>Prüfen Sie, was in {variable} nach dem Namen der Datenbank steht.</translation>
        </message>
        <message>
            <source>Check user, password and database in {variable}.</source>
            <translation>Prüfen Sie Benutzernamen, Passwort und Datenbank in {variable}.</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.merge</name>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>mehr Personen, als Beltline speichert</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.open</name>
        <message>
            <source>on the server</source>
            <translation>auf dem Server</translation>
        </message>
    </context>
    <context>
        <name>app.history.db.profiles</name>
        <message>
            <source>Choose another name.</source>
            <translation>Wählen Sie einen anderen Namen.</translation>
        </message>
        <message>
            <source>There is a person named '{name}' already.</source>
            <translation>Eine Person namens „{name}“ gibt es schon.</translation>
        </message>
    </context>
    <context>
        <name>app.history.errors</name>
        <message>
            <source>what is known of person {id}</source>
            <translation>Angaben zu Person {id}</translation>
        </message>
        <message>
            <source>check {id}</source>
            <translation>Messung {id}</translation>
        </message>
        <message>
            <source>parts of check {id}</source>
            <translation>Teile von Messung {id}</translation>
        </message>
        <message>
            <source>squeeze test {id}</source>
            <translation>Anspannungstest {id}</translation>
        </message>
        <message>
            <source>diary entry {id}</source>
            <translation>Tagebucheintrag {id}</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures belong to no check of this history and were put aside in '{folder}'.</source>
            <translation>
                <numerusform>1 Bild gehört zu keiner Messung dieses Verlaufs und wurde in „{folder}“ beiseitegelegt.</numerusform>
                <numerusform>{count} Bilder gehören zu keiner Messung dieses Verlaufs und wurden in „{folder}“ beiseitegelegt.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>If you have put an older copy of the history in place, put the newer one back, and they return by themselves; otherwise they are deleted after {count} days.</source>
            <translation>
                <numerusform>Falls Sie eine ältere Kopie des Verlaufs eingesetzt haben, setzen Sie wieder die neuere ein; dann kehrt alles von selbst zurück. Sonst wird es nach 1 Tag gelöscht.</numerusform>
                <numerusform>Falls Sie eine ältere Kopie des Verlaufs eingesetzt haben, setzen Sie wieder die neuere ein; dann kehrt alles von selbst zurück. Sonst wird es nach {count} Tagen gelöscht.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures of deleted checks could not be deleted from '{folder}'.</source>
            <translation>
                <numerusform>1 Bild einer gelöschten Messung konnte nicht aus „{folder}“ gelöscht werden.</numerusform>
                <numerusform>{count} Bilder gelöschter Messungen konnten nicht aus „{folder}“ gelöscht werden.</numerusform>
            </translation>
        </message>
        <message>
            <source>There is no check number {named} in the history.</source>
            <translation>Eine Messung mit der Nummer {named} gibt es im Verlauf nicht.</translation>
        </message>
        <message>
            <source>It may have been deleted; see which ones there are with: beltline history list.</source>
            <translation>Vielleicht wurde sie gelöscht; welche es gibt, zeigt: beltline history list.</translation>
        </message>
        <message>
            <source>Check number {named} is damaged and cannot be shown.</source>
            <translation>Die Messung mit der Nummer {named} ist beschädigt und kann nicht gezeigt werden.</translation>
        </message>
        <message>
            <source>All others can; an earlier copy of the history may still have it, see: beltline history copies.</source>
            <translation>Alle anderen lassen sich zeigen; vielleicht ist sie in einer früheren Kopie des Verlaufs noch enthalten, siehe: beltline history copies.</translation>
        </message>
        <message>
            <source>Nothing that was deleted goes by the name '{named}'.</source>
            <translation>Unter den gelöschten Daten gibt es nichts mit dem Namen „{named}“.</translation>
        </message>
        <message>
            <source>See what can be had back with: beltline history bin.</source>
            <translation>Was sich zurückholen lässt, zeigt: beltline history bin.</translation>
        </message>
        <message>
            <source>This squeeze test is no longer in the history.</source>
            <translation>Dieser Anspannungstest ist nicht mehr im Verlauf.</translation>
        </message>
        <message>
            <source>It may have been deleted in another window; read the history again.</source>
            <translation>Vielleicht wurde er in einem anderen Fenster gelöscht; lesen Sie den Verlauf neu ein.</translation>
        </message>
        <message>
            <source>Another program is using the history and does not let go of it.</source>
            <translation>Ein anderes Programm verwendet den Verlauf und gibt ihn nicht frei.</translation>
        </message>
        <message>
            <source>Close other windows of Beltline, then try again.</source>
            <translation>Schließen Sie andere Fenster von Beltline und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The history in '{named}' is damaged, so nothing is written into it.</source>
            <translation>Der Verlauf in „{named}“ ist beschädigt; deshalb wird nichts hineingeschrieben.</translation>
        </message>
        <message>
            <source>Settings saves what can still be read, and so does: beltline history salvage. Earlier copies are listed by: beltline history copies.</source>
            <translation>Was noch lesbar ist, können Sie auf der Seite „Einstellungen“ retten oder mit: beltline history salvage. Frühere Kopien zeigt: beltline history copies.</translation>
        </message>
        <message>
            <source>There is no history in '{named}', so there is nothing to save.</source>
            <translation>In „{named}“ ist kein Verlauf, also gibt es nichts zu retten.</translation>
        </message>
        <message>
            <source>Copies of earlier days are listed by: beltline history copies.</source>
            <translation>Kopien früherer Tage zeigt: beltline history copies.</translation>
        </message>
        <message>
            <source>There is a file '{named}' already.</source>
            <translation>Die Datei „{named}“ gibt es schon.</translation>
        </message>
        <message>
            <source>Choose another name.</source>
            <translation>Wählen Sie einen anderen Namen.</translation>
        </message>
        <message>
            <source>There is no copy of the history of the day '{named}'.</source>
            <translation>Vom Tag „{named}“ gibt es keine Kopie des Verlaufs.</translation>
        </message>
        <message>
            <source>See which ones there are with: beltline history copies.</source>
            <translation>Welche es gibt, zeigt: beltline history copies.</translation>
        </message>
        <message>
            <source>The file '{named}' is damaged or no history of Beltline's, so nothing was changed.</source>
            <translation>Die Datei „{named}“ ist beschädigt oder kein Verlauf von Beltline; deshalb wurde nichts geändert.</translation>
        </message>
        <message>
            <source>Choose another one; beltline history copies lists them.</source>
            <translation>Wählen Sie eine andere; welche es gibt, zeigt: beltline history copies.</translation>
        </message>
        <message>
            <source>The history in '{named}' is an empty file and was left as it is.</source>
            <translation>Der Verlauf in „{named}“ ist eine leere Datei und wurde nicht verändert.</translation>
        </message>
        <message>
            <source>Put a copy from a backup in its place, or move the file away to start afresh.</source>
            <translation>Setzen Sie eine Kopie aus einer Sicherung an seine Stelle, oder verschieben Sie die Datei, um neu anzufangen.</translation>
        </message>
        <message>
            <source>The history in '{named}' was an empty file, so a new history was begun.</source>
            <translation>Der Verlauf in „{named}“ war eine leere Datei; deshalb wurde ein neuer Verlauf begonnen.</translation>
        </message>
        <message>
            <source>If there was a history before, import a backup of it.</source>
            <translation>Falls es schon einen Verlauf gab, importieren Sie eine Sicherung davon.</translation>
        </message>
        <message>
            <source>The history in '{named}' was replaced by another copy, so the last changes to the one before were put aside beside it.</source>
            <translation>Der Verlauf in „{named}“ wurde durch eine andere Kopie ersetzt; deshalb wurden die letzten Änderungen am vorigen daneben abgelegt.</translation>
        </message>
        <message>
            <source>If that is not what you wanted, put the one before back from a backup.</source>
            <translation>Falls Sie das nicht wollten, holen Sie den vorigen aus einer Sicherung zurück.</translation>
        </message>
        <message>
            <source>The database {named} belongs to another program and was left as it is.</source>
            <translation>Die Datenbank {named} gehört zu einem anderen Programm und wurde nicht verändert.</translation>
        </message>
        <message>
            <source>Move it away, or name another database.</source>
            <translation>Verschieben Sie sie oder geben Sie eine andere Datenbank an.</translation>
        </message>
        <message>
            <source>The history was written by a newer version of Beltline and was left as it is.</source>
            <translation>Der Verlauf stammt von einer neueren Version von Beltline und wurde nicht verändert.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline.</source>
            <translation>Installieren Sie die neueste Version von Beltline.</translation>
        </message>
        <message>
            <source>The disk is full, so nothing could be written to '{named}'.</source>
            <translation>Der Datenträger ist voll; deshalb konnte nichts in „{named}“ geschrieben werden.</translation>
        </message>
        <message>
            <source>Make some room on the disk, then try again.</source>
            <translation>Schaffen Sie Platz auf dem Datenträger und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Nothing may be written to '{named}'.</source>
            <translation>In „{named}“ darf nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>Allow writing there in the folder's properties, or free the disk from its write protection.</source>
            <translation>Erlauben Sie in den Eigenschaften des Ordners das Schreiben oder heben Sie den Schreibschutz des Datenträgers auf.</translation>
        </message>
        <message>
            <source>The history in '{named}' can be read, but nothing can be saved there.</source>
            <translation>Der Verlauf in „{named}“ ist lesbar, aber dort lässt sich nichts speichern.</translation>
        </message>
        <message>
            <source>The history could not be brought up to this version of Beltline and was left as it was.</source>
            <translation>Der Verlauf konnte nicht an diese Version von Beltline angepasst werden und ist unverändert.</translation>
        </message>
        <message>
            <source>Use the version that you had before, and report what happened.</source>
            <translation>Verwenden Sie die Version, die Sie vorher hatten, und melden Sie den Fehler.</translation>
        </message>
        <message>
            <source>This person is not in the history any more.</source>
            <translation>Diese Person ist nicht mehr im Verlauf.</translation>
        </message>
        <message>
            <source>Save a check first.</source>
            <translation>Speichern Sie zuerst eine Messung.</translation>
        </message>
        <message>
            <source>Choose another person.</source>
            <translation>Wählen Sie eine andere Person.</translation>
        </message>
        <message>
            <source>There is no person named '{name}' in the history.</source>
            <translation>Eine Person namens „{name}“ gibt es im Verlauf nicht.</translation>
        </message>
        <message>
            <source>There is {names}.</source>
            <translation>Vorhanden: {names}.</translation>
        </message>
        <message>
            <source>Choose a PNG or JPEG picture of your logo.</source>
            <translation>Wählen Sie ein PNG- oder JPEG-Bild Ihres Logos.</translation>
        </message>
        <message>
            <source>All else is there; earlier copies may have it: see Settings, or beltline history copies.</source>
            <translation>Alles andere ist da; vielleicht steht es noch in früheren Kopien: siehe „Einstellungen“ oder beltline history copies.</translation>
        </message>
        <message>
            <source>The history is damaged in places, and this cannot be read: {rows}.</source>
            <translation>Der Verlauf ist stellenweise beschädigt; nicht lesbar: {rows}.</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>{count} weitere</translation>
        </message>
        <message>
            <source>Allow deleting there in the folder's properties, then open Beltline again.</source>
            <translation>Erlauben Sie in den Eigenschaften des Ordners das Löschen und öffnen Sie Beltline dann neu.</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written ({why}).</source>
            <translation>Der Datenträger mit „{where}“ ist nicht lesbar oder nicht beschreibbar ({why}).</translation>
        </message>
        <message>
            <source>The disk with '{where}' cannot be read or written.</source>
            <translation>Der Datenträger mit „{where}“ ist nicht lesbar oder nicht beschreibbar.</translation>
        </message>
        <message>
            <source>Check that the disk is connected and in order, then try again.</source>
            <translation>Prüfen Sie, ob der Datenträger angeschlossen und in Ordnung ist, und versuchen Sie es noch einmal.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.backup</name>
        <message>
            <source>The backup cannot be written to '{path}' ({why}).</source>
            <translation>Die Sicherung kann nicht in „{path}“ geschrieben werden ({why}).</translation>
        </message>
        <message>
            <source>Check the disk, or choose another one.</source>
            <translation>Prüfen Sie den Datenträger oder wählen Sie einen anderen.</translation>
        </message>
        <message>
            <source>The backup written to '{path}' does not read back as it was written.</source>
            <translation>Die in „{path}“ geschriebene Sicherung stimmt beim Lesen nicht mit dem Geschriebenen überein.</translation>
        </message>
        <message>
            <source>Take an older backup, or copy this one again from where it was kept.</source>
            <translation>Nehmen Sie eine ältere Sicherung oder kopieren Sie diese noch einmal von ihrem Aufbewahrungsort.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then bring it back.</source>
            <translation>Installieren Sie die neueste Version von Beltline und holen Sie die Sicherung dann zurück.</translation>
        </message>
        <message>
            <source>The backup '{name}' is damaged, so nothing was brought back.</source>
            <translation>Die Sicherung „{name}“ ist beschädigt; deshalb wurde nichts zurückgeholt.</translation>
        </message>
        <message>
            <source>The backup '{name}' was made by another version of Beltline.</source>
            <translation>Die Sicherung „{name}“ stammt von einer anderen Version von Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' is no backup of Beltline's.</source>
            <translation>Die Datei „{name}“ ist keine Sicherung von Beltline.</translation>
        </message>
        <message>
            <source>Choose a {suffix} file that Beltline has written.</source>
            <translation>Wählen Sie eine {suffix}-Datei, die Beltline geschrieben hat.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.csv_format</name>
        <message>
            <source>the columns are not those of an export</source>
            <translation>die Spalten sind nicht die eines Exports</translation>
        </message>
        <message>
            <source>it is not in UTF-8</source>
            <translation>sie ist nicht in UTF-8</translation>
        </message>
        <message>
            <source>check {number}: {why}</source>
            <translation>Messung {number}: {why}</translation>
        </message>
        <message>
            <source>it is no whole table after check {number}</source>
            <translation>sie ist nach Messung {number} keine vollständige Tabelle</translation>
        </message>
        <message>
            <source>its cells are not as many as the columns</source>
            <translation>die Zahl der Zellen passt nicht zur Zahl der Spalten</translation>
        </message>
        <message>
            <source>another version of the format</source>
            <translation>eine andere Version des Formats</translation>
        </message>
        <message>
            <source>{name}: neither a number nor JSON</source>
            <translation>{name}: weder eine Zahl noch JSON</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.files</name>
        <message>
            <source>Choose a .csv or .json file that Beltline has exported.</source>
            <translation>Wählen Sie eine .csv- oder .json-Datei, die Beltline exportiert hat.</translation>
        </message>
        <message>
            <source>Install the newest version of Beltline, then import it.</source>
            <translation>Installieren Sie die neueste Version von Beltline und importieren Sie die Datei dann.</translation>
        </message>
        <message>
            <source>Export it once more, and do not change it by hand.</source>
            <translation>Exportieren Sie noch einmal und ändern Sie die Datei nicht von Hand.</translation>
        </message>
        <message>
            <source>The file '{name}' is no export of Beltline's history.</source>
            <translation>Die Datei „{name}“ ist kein Export eines Verlaufs von Beltline.</translation>
        </message>
        <message>
            <source>The file '{name}' was exported by another version of Beltline.</source>
            <translation>Die Datei „{name}“ wurde von einer anderen Version von Beltline exportiert.</translation>
        </message>
        <message>
            <source>The file '{name}' is damaged ({why}), so nothing was imported.</source>
            <translation>Die Datei „{name}“ ist beschädigt ({why}); deshalb wurde nichts importiert.</translation>
        </message>
        <message>
            <source>its name makes no sense</source>
            <translation>der Name ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>Check its name and its folder.</source>
            <translation>Prüfen Sie Namen und Ordner.</translation>
        </message>
        <message>
            <source>The file '{path}' cannot be read ({why}).</source>
            <translation>Die Datei „{path}“ ist nicht lesbar ({why}).</translation>
        </message>
        <message>
            <source>The name '{path}' does not say which kind of file to write.</source>
            <translation>Am Namen „{path}“ ist nicht zu erkennen, welche Art von Datei geschrieben werden soll.</translation>
        </message>
        <message>
            <source>Give a name that ends in {suffixes}.</source>
            <translation>Geben Sie einen Namen an, der auf {suffixes} endet.</translation>
        </message>
        <message>
            <source> or </source>
            <translation> oder </translation>
        </message>
        <message>
            <source>The export cannot be written to '{path}' ({why}).</source>
            <translation>Der Export kann nicht in „{path}“ geschrieben werden ({why}).</translation>
        </message>
        <message>
            <source>Choose a folder that exists, that you may write to, and that has room.</source>
            <translation>Wählen Sie einen vorhandenen Ordner, in den Sie schreiben dürfen und der Platz hat.</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.json_format</name>
        <message>
            <source>check {number}: {why}</source>
            <translation>Messung {number}: {why}</translation>
        </message>
        <message>
            <source>squeeze test {number}: {why}</source>
            <translation>Anspannungstest {number}: {why}</translation>
        </message>
        <message>
            <source>entry of the diary {number}: {why}</source>
            <translation>Tagebucheintrag {number}: {why}</translation>
        </message>
        <message>
            <source>more people than Beltline keeps</source>
            <translation>mehr Personen, als Beltline speichert</translation>
        </message>
        <message>
            <source>lists in lists without end</source>
            <translation>Listen in Listen ohne Ende</translation>
        </message>
        <message>
            <source>{key}: no list</source>
            <translation>{key}: keine Liste</translation>
        </message>
        <message>
            <source>{key}: there twice</source>
            <translation>{key}: doppelt vorhanden</translation>
        </message>
        <message>
            <source>it is no whole JSON</source>
            <translation>das JSON ist unvollständig oder fehlerhaft</translation>
        </message>
        <message>
            <source>no object</source>
            <translation>kein Objekt</translation>
        </message>
        <message>
            <source>its person is missing</source>
            <translation>die Person dazu fehlt</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.model</name>
        <message>
            <source>its values do not fit together</source>
            <translation>die Werte passen nicht zusammen</translation>
        </message>
    </context>
    <context>
        <name>app.history.exchange.sources</name>
        <message>
            <source>it is no ordinary file</source>
            <translation>sie ist keine gewöhnliche Datei</translation>
        </message>
        <message>
            <source>one entry of it is larger than any that Beltline keeps</source>
            <translation>ein Eintrag darin ist größer als alles, was Beltline speichert</translation>
        </message>
        <message>
            <source>it cannot be read to its end</source>
            <translation>sie lässt sich nicht bis zum Ende lesen</translation>
        </message>
    </context>
    <context>
        <name>app.history.place</name>
        <message>
            <source>Write it as postgresql://user:password@host/database, or leave it out.</source>
            <translation>Schreiben Sie sie als postgresql://user:password@host/database oder lassen Sie sie weg.</translation>
        </message>
        <message>
            <source>{variable} is not the address of a PostgreSQL database.</source>
            <translation>{variable} ist keine Adresse einer PostgreSQL-Datenbank.</translation>
        </message>
    </context>
    <context>
        <name>app.history.practice</name>
        <message>
            <source>The file '{name}' is far too large.</source>
            <translation>Die Datei „{name}“ ist viel zu groß.</translation>
        </message>
        <message>
            <source>The file '{name}' cannot be read ({why}).</source>
            <translation>Die Datei „{name}“ ist nicht lesbar ({why}).</translation>
        </message>
        <message>
            <source>The file '{name}' is no picture that can be read.</source>
            <translation>Die Datei „{name}“ ist kein lesbares Bild.</translation>
        </message>
    </context>
    <context>
        <name>app.history.store</name>
        <message>
            <source>Me</source>
            <translation>Ich</translation>
        </message>
    </context>
    <context>
        <name>app.history.values</name>
        <message>
            <source>The name is empty.</source>
            <translation>Der Name ist leer.</translation>
        </message>
        <message>
            <source>Type a name.</source>
            <translation>Geben Sie einen Namen ein.</translation>
        </message>
        <message>
            <source>Choose a shorter one.</source>
            <translation>Wählen Sie etwas Kürzeres.</translation>
        </message>
        <message>
            <source>The name is longer than {count} letters.</source>
            <translation>Der Name ist länger als {count} Zeichen.</translation>
        </message>
        <message>
            <source>The ID is longer than {count} letters.</source>
            <translation>Die Kennung ist länger als {count} Zeichen.</translation>
        </message>
        <message>
            <source>{year} cannot be a year of birth.</source>
            <translation>{year} kann kein Geburtsjahr sein.</translation>
        </message>
        <message>
            <source>Give a year from {first} to {last}, or leave it out.</source>
            <translation>Geben Sie ein Jahr von {first} bis {last} an oder lassen Sie es weg.</translation>
        </message>
        <message>
            <source>it</source>
            <translation>der Eintrag</translation>
        </message>
        <message>
            <source>{where} holds something else than it should</source>
            <translation>{where} enthält etwas anderes als erwartet</translation>
        </message>
        <message>
            <source>{where} is missing</source>
            <translation>{where} fehlt</translation>
        </message>
    </context>
    <context>
        <name>app.phone.words</name>
        <message>
            <source>There is nothing here. Look at the computer for a new address.</source>
            <translation>Hier ist nichts. Sehen Sie am Computer nach einer neuen Adresse.</translation>
        </message>
        <message>
            <source>Another phone is taking the pictures. To use this one, press Cancel on the computer and begin again.</source>
            <translation>Ein anderes Handy nimmt gerade die Bilder auf. Um dieses zu verwenden, drücken Sie am Computer auf „Abbrechen“ und beginnen Sie neu.</translation>
        </message>
        <message>
            <source>No picture has come yet.</source>
            <translation>Noch ist kein Bild angekommen.</translation>
        </message>
        <message>
            <source>No more pictures fit into one series.</source>
            <translation>Mehr Bilder passen nicht in eine Serie.</translation>
        </message>
        <message>
            <source>This picture is too large: at most 40 MB.</source>
            <translation>Dieses Bild ist zu groß: höchstens 40 MB.</translation>
        </message>
        <message>
            <source>These pictures are too large together.</source>
            <translation>Diese Bilder sind zusammen zu groß.</translation>
        </message>
        <message>
            <source>There is no room on the computer's disk.</source>
            <translation>Auf der Festplatte des Computers ist kein Platz.</translation>
        </message>
        <message>
            <source>It took too long. Try again.</source>
            <translation>Das hat zu lange gedauert. Versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The picture did not come whole. Try again.</source>
            <translation>Das Bild ist nicht vollständig angekommen. Versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Something went wrong on the computer. Try again.</source>
            <translation>Am Computer ist etwas schiefgegangen. Versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Phone picture {number}</source>
            <translation>Handybild {number}</translation>
        </message>
        <message>
            <source>Take pictures for Beltline</source>
            <translation>Bilder für Beltline aufnehmen</translation>
        </message>
        <message>
            <source>This page comes from the computer beside you. The pictures go to that computer and nowhere else. This phone keeps none of those it takes here.</source>
            <translation>Diese Seite kommt vom Computer neben Ihnen. Die Bilder gehen an diesen Computer und sonst nirgendwohin. Bilder, die Sie hier aufnehmen, bleiben nicht auf dem Handy.</translation>
        </message>
        <message>
            <source>This connection is not encrypted: others in the same network could see the pictures. Go on only in a network that you trust.</source>
            <translation>Diese Verbindung ist nicht verschlüsselt: Andere im selben Netz könnten die Bilder sehen. Machen Sie nur in einem Netz weiter, dem Sie vertrauen.</translation>
        </message>
        <message>
            <source>Stand the phone upright at the height of your hips, three metres away.</source>
            <translation>Stellen Sie das Handy aufrecht auf Hüfthöhe hin, drei Meter entfernt.</translation>
        </message>
        <message>
            <source>Press Start, then “Start the timer”, and walk into the frame.</source>
            <translation>Drücken Sie auf „Start“, dann auf „Timer starten“, und gehen Sie in den Rahmen.</translation>
        </message>
        <message>
            <source>Stand side-on, whole body in the frame, fists on your collar-bones. The phone takes {pictures} pictures by itself and tells you when.</source>
            <translation>Stehen Sie seitlich, der ganze Körper im Rahmen, die Fäuste an den Schlüsselbeinen. Das Handy nimmt von selbst {pictures} Bilder auf und sagt Ihnen, wann.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Start</translation>
        </message>
        <message>
            <source>Take single pictures instead</source>
            <translation>Stattdessen einzelne Bilder aufnehmen</translation>
        </message>
        <message>
            <source>First picture after</source>
            <translation>Erstes Bild nach</translation>
        </message>
        <message>
            <source>{seconds} seconds</source>
            <translation>{seconds} Sekunden</translation>
        </message>
        <message>
            <source>Count aloud</source>
            <translation>Laut zählen</translation>
        </message>
        <message>
            <source>Other camera</source>
            <translation>Andere Kamera</translation>
        </message>
        <message>
            <source>Start the timer</source>
            <translation>Timer starten</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Stopp</translation>
        </message>
        <message>
            <source>Stand inside the frame, from head to feet</source>
            <translation>Stellen Sie sich von Kopf bis Fuß in den Rahmen</translation>
        </message>
        <message>
            <source>The phone is level.</source>
            <translation>Das Handy steht gerade.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the left.</source>
            <translation>Drehen Sie das Handy etwas nach links.</translation>
        </message>
        <message>
            <source>Turn the phone a little to the right.</source>
            <translation>Drehen Sie das Handy etwas nach rechts.</translation>
        </message>
        <message>
            <source>Stand the phone more upright.</source>
            <translation>Stellen Sie das Handy aufrechter hin.</translation>
        </message>
        <message>
            <source>Walk into the frame and stand side-on.</source>
            <translation>Gehen Sie in den Rahmen und stellen Sie sich seitlich hin.</translation>
        </message>
        <message>
            <source>March on the spot, then stand relaxed.</source>
            <translation>Gehen Sie auf der Stelle, dann stehen Sie locker.</translation>
        </message>
        <message>
            <source>Stand still.</source>
            <translation>Stehen Sie still.</translation>
        </message>
        <message>
            <source>Picture {number} of {pictures}</source>
            <translation>Bild {number} von {pictures}</translation>
        </message>
        <message>
            <source>ten,nine,eight,seven,six,five,four,three,two,one</source>
            <translation>zehn,neun,acht,sieben,sechs,fünf,vier,drei,zwei,eins</translation>
        </message>
        <message>
            <source>All pictures are taken. You can move.</source>
            <translation>Alle Bilder sind aufgenommen. Sie können sich bewegen.</translation>
        </message>
        <message>
            <source>{number} of {pictures} have reached the computer.</source>
            <translation>{number} von {pictures} sind am Computer angekommen.</translation>
        </message>
        <message>
            <source>Sending the pictures…</source>
            <translation>Bilder werden gesendet…</translation>
        </message>
        <message>
            <source>All pictures have arrived. Look at the computer: it is measuring.</source>
            <translation>Alle Bilder sind angekommen. Sehen Sie zum Computer: Er misst gerade.</translation>
        </message>
        <message>
            <source>The browser gives this page no camera. Take single pictures with the phone's own camera instead: they are sent to the computer one by one.</source>
            <translation>Der Browser gibt dieser Seite keine Kamera. Machen Sie stattdessen einzelne Bilder mit der Kamera-App des Handys: Sie werden nacheinander an den Computer gesendet.</translation>
        </message>
        <message>
            <source>The camera was not allowed. Allow it in the browser and load this page again, or take single pictures.</source>
            <translation>Die Kamera wurde nicht erlaubt. Erlauben Sie sie im Browser und laden Sie diese Seite neu, oder machen Sie einzelne Bilder.</translation>
        </message>
        <message>
            <source>Have somebody take you from the side, from three metres away, at the height of your hips. Five pictures are best; march on the spot between them.</source>
            <translation>Lassen Sie sich von der Seite aufnehmen, aus drei Metern Entfernung und auf Hüfthöhe. Am besten sind fünf Bilder; gehen Sie dazwischen auf der Stelle.</translation>
        </message>
        <message>
            <source>Take a picture</source>
            <translation>Bild aufnehmen</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>A picture did not reach the computer: {why}</source>
            <translation>Ein Bild ist nicht am Computer angekommen: {why}</translation>
        </message>
        <message>
            <source>Send it again</source>
            <translation>Noch einmal senden</translation>
        </message>
        <message>
            <source>The computer does not answer. Is the phone still in the same Wi-Fi?</source>
            <translation>Der Computer antwortet nicht. Ist das Handy noch im selben WLAN?</translation>
        </message>
        <message>
            <source>This page needs JavaScript. Switch it on in the browser, or use another browser.</source>
            <translation>Diese Seite braucht JavaScript. Schalten Sie es im Browser ein oder nehmen Sie einen anderen Browser.</translation>
        </message>
        <message>
            <source>Use your phone</source>
            <translation>Handy verwenden</translation>
        </message>
        <message>
            <source>Phone</source>
            <translation>Handy</translation>
        </message>
        <message>
            <source>Five pictures with your phone's camera, sent over your own network</source>
            <translation>Fünf Bilder mit der Kamera Ihres Handys, gesendet über Ihr eigenes Netz</translation>
        </message>
        <message>
            <source>Use your phone as the camera</source>
            <translation>Ihr Handy als Kamera verwenden</translation>
        </message>
        <message>
            <source>Have the phone in the same Wi-Fi or network as this computer.</source>
            <translation>Das Handy muss im selben WLAN oder Netz sein wie dieser Computer.</translation>
        </message>
        <message>
            <source>Point the phone's camera at the square, and open the address that it shows.</source>
            <translation>Richten Sie die Handykamera auf das Quadrat und öffnen Sie die Adresse, die sie anzeigt.</translation>
        </message>
        <message>
            <source>The phone warns once that it does not know this computer. Choose “Advanced” or “Details”, then go on. After that, do what the page says.</source>
            <translation>Das Handy warnt einmal, dass es diesen Computer nicht kennt. Wählen Sie „Erweitert“ oder „Details“ und fahren Sie fort. Folgen Sie danach der Seite.</translation>
        </message>
        <message>
            <source>Take the pictures with the phone's own camera, as the page says. Without encryption, others in the same network could see them.</source>
            <translation>Machen Sie die Bilder mit der Kamera-App des Handys, wie es auf der Seite steht. Ohne Verschlüsselung könnten andere im selben Netz sie sehen.</translation>
        </message>
        <message>
            <source>Or type this address into the phone's browser:</source>
            <translation>Oder geben Sie diese Adresse im Browser des Handys ein:</translation>
        </message>
        <message>
            <source>The certificate's fingerprint (SHA-256), if you want to compare it:</source>
            <translation>Der Fingerabdruck des Zertifikats (SHA-256), falls Sie ihn vergleichen möchten:</translation>
        </message>
        <message>
            <source>Opening a page for the phone…</source>
            <translation>Eine Seite für das Handy wird geöffnet…</translation>
        </message>
        <message>
            <source>Waiting for the phone. This ends by itself after ten minutes.</source>
            <translation>Warten auf das Handy. Das endet nach zehn Minuten von selbst.</translation>
        </message>
        <message>
            <source>A phone is connected. No picture has come yet.</source>
            <translation>Ein Handy ist verbunden. Noch ist kein Bild angekommen.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures have come.</source>
            <translation>
                <numerusform>Ein Bild ist angekommen.</numerusform>
                <numerusform>{count} Bilder sind angekommen.</numerusform>
            </translation>
        </message>
        <message>
            <source>The phone has said nothing for ten minutes, so the page is closed.</source>
            <translation>Das Handy hat sich zehn Minuten lang nicht gemeldet; die Seite ist deshalb geschlossen.</translation>
        </message>
        <message>
            <source>All pictures have come.</source>
            <translation>Alle Bilder sind angekommen.</translation>
        </message>
        <message>
            <source>This computer is in no network that a phone could share.</source>
            <translation>Dieser Computer ist in keinem Netz, das auch ein Handy nutzen könnte.</translation>
        </message>
        <message>
            <source>Connect it to your Wi-Fi or network and try again, or open photographs from a file.</source>
            <translation>Verbinden Sie ihn mit Ihrem WLAN oder Netz und versuchen Sie es noch einmal, oder öffnen Sie Fotos aus einer Datei.</translation>
        </message>
        <message>
            <source>No page for the phone could be opened on this network.</source>
            <translation>In diesem Netz ließ sich keine Seite für das Handy öffnen.</translation>
        </message>
        <message>
            <source>Try again, or choose another network if there is one.</source>
            <translation>Versuchen Sie es noch einmal oder wählen Sie ein anderes Netz, falls es eines gibt.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <source>The one that the phone is in, too</source>
            <translation>Das Netz, in dem auch das Handy ist</translation>
        </message>
        <message>
            <source>The phone does not let me past its warning</source>
            <translation>Das Handy lässt mich nicht an der Warnung vorbei</translation>
        </message>
        <message>
            <source>A page without encryption, to which single pictures can be sent</source>
            <translation>Eine Seite ohne Verschlüsselung, an die Sie einzelne Bilder senden können</translation>
        </message>
        <message>
            <source>Measure what has come</source>
            <translation>Angekommene messen</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
        <message>
            <source>The page's address as a square code for the phone's camera</source>
            <translation>Die Adresse der Seite als quadratischer Code für die Handykamera</translation>
        </message>
    </context>
    <context>
        <name>app.settings</name>
        <message>
            <source>The settings could not be read; the usual ones are in use.</source>
            <translation>Die Einstellungen waren nicht lesbar; es gelten die üblichen.</translation>
        </message>
        <message>
            <source>The file with the settings was damaged; the usual ones are in use.</source>
            <translation>Die Datei mit den Einstellungen war beschädigt; es gelten die üblichen.</translation>
        </message>
        <message>
            <source>Some of the settings could not be read; the usual ones are in use for them.</source>
            <translation>Ein Teil der Einstellungen war nicht lesbar; dafür gelten die üblichen.</translation>
        </message>
        <message>
            <source>The choices about reminders could not be read; the usual ones are in use.</source>
            <translation>Die Einstellungen für Erinnerungen waren nicht lesbar; es gelten die üblichen.</translation>
        </message>
        <message>
            <source>The file with the choices about reminders was damaged; the usual ones are in use.</source>
            <translation>Die Datei mit den Einstellungen für Erinnerungen war beschädigt; es gelten die üblichen.</translation>
        </message>
        <message>
            <source>Some of the choices about reminders could not be read; the usual ones are in use for them.</source>
            <translation>Ein Teil der Einstellungen für Erinnerungen war nicht lesbar; dafür gelten die üblichen.</translation>
        </message>
    </context>
    <context>
        <name>app.system.desktop.shortcut</name>
        <message>
            <source>Beltline starts without one as well: write beltline in a terminal.</source>
            <translation>Beltline startet auch ohne: Geben Sie in einem Terminal beltline ein.</translation>
        </message>
        <message>
            <source>The menu entry could not be changed ({why}).</source>
            <translation>Der Menüeintrag konnte nicht geändert werden ({why}).</translation>
        </message>
        <message>
            <source>the icon cannot be drawn: {why}</source>
            <translation>das Symbol lässt sich nicht zeichnen: {why}</translation>
        </message>
        <message>
            <source>PowerShell ended with {code}</source>
            <translation>PowerShell endete mit {code}</translation>
        </message>
    </context>
    <context>
        <name>app.system.qt</name>
        <message>
            <source>There is no screen to open a window on. Use the command line: beltline measure PHOTO.</source>
            <translation>Es gibt keinen Bildschirm, auf dem sich ein Fenster öffnen lässt. Verwenden Sie die Befehlszeile: beltline measure PHOTO.</translation>
        </message>
        <message>
            <source>The system library {library} is missing, without which no window can be opened. On Debian or Ubuntu, install libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 and libxkbcommon-x11-0.</source>
            <translation>Die Systembibliothek {library} fehlt; ohne sie lässt sich kein Fenster öffnen. Installieren Sie unter Debian oder Ubuntu libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 und libxkbcommon-x11-0.</translation>
        </message>
        <message>
            <source>No window can be opened ({why}). Use the command line: beltline measure PHOTO.</source>
            <translation>Es lässt sich kein Fenster öffnen ({why}). Verwenden Sie die Befehlszeile: beltline measure PHOTO.</translation>
        </message>
    </context>
    <context>
        <name>app.text.advice</name>
        <message>
            <source>There is somebody else in the picture; the largest person was measured.</source>
            <translation>Es ist noch jemand im Bild; gemessen wurde die größte Person.</translation>
        </message>
        <message>
            <source>Take the picture with one person alone.</source>
            <translation>Machen Sie das Bild mit nur einer Person.</translation>
        </message>
        <message>
            <source>There are other people in the picture; the person you chose was measured.</source>
            <translation>Es sind noch andere im Bild; gemessen wurde die Person, die Sie gewählt haben.</translation>
        </message>
        <message>
            <source>The feet are not fully in the picture.</source>
            <translation>Die Füße sind nicht ganz im Bild.</translation>
        </message>
        <message>
            <source>Step back until the feet are in the picture.</source>
            <translation>Gehen Sie zurück, bis die Füße im Bild sind.</translation>
        </message>
        <message>
            <source>The body is turned about {} degrees away from side-on.</source>
            <translation>Der Körper ist um etwa {} Grad aus der Seitenansicht gedreht.</translation>
        </message>
        <message>
            <source>Turn until one shoulder points straight at the camera.</source>
            <translation>Drehen Sie sich, bis eine Schulter genau zur Kamera zeigt.</translation>
        </message>
        <message>
            <source>The whole body leans by about {} degrees; the camera may have been tilted.</source>
            <translation>Der ganze Körper neigt sich um etwa {} Grad; vielleicht stand die Kamera schief.</translation>
        </message>
        <message>
            <source>Hold the camera level, or mark something upright, such as a door frame.</source>
            <translation>Halten Sie die Kamera gerade oder markieren Sie etwas Senkrechtes, zum Beispiel einen Türrahmen.</translation>
        </message>
        <message>
            <source>The person is rather small in the picture: {} pixels from hip to shoulder.</source>
            <translation>Die Person ist ziemlich klein im Bild: {} Pixel von der Hüfte bis zur Schulter.</translation>
        </message>
        <message>
            <source>Come closer, or use a higher resolution: at least 200 pixels are best.</source>
            <translation>Gehen Sie näher heran oder nehmen Sie eine höhere Auflösung: Am besten sind mindestens 200 Pixel.</translation>
        </message>
        <message>
            <source>The picture is rather dark.</source>
            <translation>Das Bild ist ziemlich dunkel.</translation>
        </message>
        <message>
            <source>Turn on more light.</source>
            <translation>Machen Sie mehr Licht.</translation>
        </message>
        <message>
            <source>The picture is a little blurred.</source>
            <translation>Das Bild ist etwas unscharf.</translation>
        </message>
        <message>
            <source>Rest the camera on something firm and stand still.</source>
            <translation>Stellen Sie die Kamera auf etwas Festes und stehen Sie still.</translation>
        </message>
        <message>
            <source>An arm or a hand hides part of the pelvis.</source>
            <translation>Ein Arm oder eine Hand verdeckt einen Teil des Beckens.</translation>
        </message>
        <message>
            <source>Rest your fists on your collar-bones.</source>
            <translation>Legen Sie die Fäuste an die Schlüsselbeine.</translation>
        </message>
        <message>
            <source>The clothing seems loose, which hides the outline of the body.</source>
            <translation>Die Kleidung scheint weit zu sein; das verdeckt den Körperumriss.</translation>
        </message>
        <message>
            <source>Wear something that fits closely around waist and hips.</source>
            <translation>Tragen Sie etwas, das an Taille und Hüfte eng anliegt.</translation>
        </message>
        <message>
            <source>The head could not be seen, which makes the angle less sure.</source>
            <translation>Der Kopf war nicht zu sehen; dadurch ist der Winkel weniger sicher.</translation>
        </message>
        <message>
            <source>Show the head as well if you can; you may cover the face in the picture afterwards.</source>
            <translation>Zeigen Sie möglichst auch den Kopf; das Gesicht können Sie auf dem Bild hinterher abdecken.</translation>
        </message>
        <message>
            <source>The camera was assumed to be level.</source>
            <translation>Es wurde angenommen, dass die Kamera gerade stand.</translation>
        </message>
        <message>
            <source>A tilted camera changes the angle by as much as its own tilt; mark something upright, such as a door frame, to be more exact.</source>
            <translation>Eine schiefe Kamera verfälscht den Winkel um genau so viel, wie sie schief steht. Genauer wird es, wenn Sie etwas Senkrechtes markieren, zum Beispiel einen Türrahmen.</translation>
        </message>
        <message>
            <source>There is something like a coloured sticker on the pelvis, but not just two of one colour, so it was not used.</source>
            <translation>Am Becken ist etwas wie ein farbiger Klebepunkt, aber es sind nicht genau zwei in einer Farbe. Er wurde deshalb nicht verwendet.</translation>
        </message>
        <message>
            <source>Show two stickers of one colour, one on the bony point at the front and one on the dimple at the back.</source>
            <translation>Zeigen Sie zwei Klebepunkte in einer Farbe: einen auf dem Knochenpunkt vorn, einen auf dem Grübchen hinten.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm above the hips.</source>
            <translation>Die Kamera stand etwa {} cm über der Hüfte.</translation>
        </message>
        <message>
            <source>Put it at the height of the hips.</source>
            <translation>Stellen Sie sie auf Hüfthöhe.</translation>
        </message>
        <message>
            <source>The camera stood about {} cm below the hips.</source>
            <translation>Die Kamera stand etwa {} cm unter der Hüfte.</translation>
        </message>
        <message>
            <source>The same picture is there more than once and was counted once.</source>
            <translation>Dasselbe Bild ist mehrmals dabei und wurde einmal gezählt.</translation>
        </message>
        <message>
            <source>Take a new picture for each repeat, and step away in between.</source>
            <translation>Machen Sie für jede Wiederholung ein neues Bild und gehen Sie dazwischen kurz weg.</translation>
        </message>
        <message>
            <source>The calibration is more than a year old.</source>
            <translation>Die Kalibrierung ist über ein Jahr alt.</translation>
        </message>
        <message>
            <source>Calibrate again, and whenever your weight has changed much.</source>
            <translation>Kalibrieren Sie neu, auch immer dann, wenn sich Ihr Gewicht stark verändert hat.</translation>
        </message>
        <message>
            <source>The calibration belongs to an earlier version of Beltline and was not used.</source>
            <translation>Die Kalibrierung gehört zu einer früheren Version von Beltline und wurde nicht verwendet.</translation>
        </message>
        <message>
            <source>Calibrate again.</source>
            <translation>Kalibrieren Sie neu.</translation>
        </message>
        <message>
            <source>last time</source>
            <translation>letztes Mal</translation>
        </message>
        <message>
            <source>on {day}</source>
            <translation>am {day}</translation>
        </message>
    </context>
    <context>
        <name>app.text.breaks</name>
        <message>
            <source>Sit less</source>
            <translation>Weniger sitzen</translation>
        </message>
        <message>
            <source>Sitting is nothing to be alarmed about. It is easy to forget how long it has been, so Beltline can remind you to get up. Three to five minutes of walking make a break; standing still alone is not enough. Being away from the computer counts as a break.</source>
            <translation>Sitzen ist kein Grund zur Sorge. Man vergisst aber leicht, wie lange man schon sitzt; deshalb kann Beltline Sie ans Aufstehen erinnern. Drei bis fünf Minuten Gehen sind eine Pause; nur still zu stehen genügt nicht. Auch wenn Sie nicht am Computer sind, zählt das als Pause.</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Jetzt</translation>
        </message>
        <message>
            <source>Reminders are off.</source>
            <translation>Erinnerungen sind ausgeschaltet.</translation>
        </message>
        <message>
            <source>The reminder is being started.</source>
            <translation>Die Erinnerung wird gestartet.</translation>
        </message>
        <message>
            <source>Next reminder in about {minutes} minutes.</source>
            <translation>Nächste Erinnerung in etwa {minutes} Minuten.</translation>
        </message>
        <message>
            <source>Next reminder in about a minute.</source>
            <translation>Nächste Erinnerung in etwa einer Minute.</translation>
        </message>
        <message>
            <source>Paused until {until}.</source>
            <translation>Ausgesetzt bis {until}.</translation>
        </message>
        <message>
            <source>It is time for a short break.</source>
            <translation>Es ist Zeit für eine kurze Pause.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about {minutes} minutes.</source>
            <translation>Sie stehen. Nächste Erinnerung in etwa {minutes} Minuten.</translation>
        </message>
        <message>
            <source>You are standing. Next reminder in about a minute.</source>
            <translation>Sie stehen. Nächste Erinnerung in etwa einer Minute.</translation>
        </message>
        <message>
            <source>You have been standing for a while.</source>
            <translation>Sie stehen schon eine Weile.</translation>
        </message>
        <message>
            <source>The next reminder comes when you sit at the computer again.</source>
            <translation>Die nächste Erinnerung kommt, wenn Sie wieder am Computer sitzen.</translation>
        </message>
        <message>
            <source>Silent while the microphone is in use.</source>
            <translation>Still, solange das Mikrofon benutzt wird.</translation>
        </message>
        <message>
            <source>Silent while the camera is in use.</source>
            <translation>Still, solange die Kamera benutzt wird.</translation>
        </message>
        <message>
            <source>Silent while a program keeps the screen on, as a film does.</source>
            <translation>Still, solange ein Programm den Bildschirm anlässt, etwa bei einem Film.</translation>
        </message>
        <message>
            <source>Silent while a program fills the whole screen.</source>
            <translation>Still, solange ein Programm den ganzen Bildschirm füllt.</translation>
        </message>
        <message>
            <source>This waited while the microphone was in use.</source>
            <translation>Diese Erinnerung hat gewartet, solange das Mikrofon benutzt wurde.</translation>
        </message>
        <message>
            <source>This waited while the camera was in use.</source>
            <translation>Diese Erinnerung hat gewartet, solange die Kamera benutzt wurde.</translation>
        </message>
        <message>
            <source>This waited while a program kept the screen on, as a film does.</source>
            <translation>Diese Erinnerung hat gewartet, solange ein Programm den Bildschirm anließ, etwa bei einem Film.</translation>
        </message>
        <message>
            <source>This waited while a program filled the whole screen.</source>
            <translation>Diese Erinnerung hat gewartet, solange ein Programm den ganzen Bildschirm füllte.</translation>
        </message>
        <message>
            <source>For instance: {what}</source>
            <translation>Zum Beispiel: {what}</translation>
        </message>
        <message>
            <source>I am taking a break now</source>
            <translation>Ich mache jetzt Pause</translation>
        </message>
        <message>
            <source>Note a break and start counting again</source>
            <translation>Eine Pause notieren und neu zu zählen beginnen</translation>
        </message>
        <message>
            <source>I am standing now</source>
            <translation>Ich stehe jetzt</translation>
        </message>
        <message>
            <source>Sitting does not count while you stand</source>
            <translation>Solange Sie stehen, zählt das Sitzen nicht</translation>
        </message>
        <message>
            <source>I am sitting now</source>
            <translation>Ich sitze jetzt</translation>
        </message>
        <message>
            <source>Sitting counts again</source>
            <translation>Das Sitzen zählt wieder</translation>
        </message>
        <message>
            <source>Remind me in 10 minutes</source>
            <translation>In 10 Minuten erinnern</translation>
        </message>
        <message>
            <source>Remind me again in 10 minutes</source>
            <translation>In 10 Minuten noch einmal erinnern</translation>
        </message>
        <message>
            <source>Pause 1 hour</source>
            <translation>1 Stunde aussetzen</translation>
        </message>
        <message>
            <source>Pause 2 hours</source>
            <translation>2 Stunden aussetzen</translation>
        </message>
        <message>
            <source>No reminder meanwhile, for a presentation or a film</source>
            <translation>So lange keine Erinnerung, für einen Vortrag oder einen Film</translation>
        </message>
        <message>
            <source>Pause until tomorrow</source>
            <translation>Bis morgen aussetzen</translation>
        </message>
        <message>
            <source>No reminder for the rest of today</source>
            <translation>Heute keine Erinnerung mehr</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>End the pause</source>
            <translation>Wieder erinnern lassen</translation>
        </message>
        <message>
            <source>No break noted today so far.</source>
            <translation>Heute noch keine Pause notiert.</translation>
        </message>
        <message>
            <source>1 break today, at {last}.</source>
            <translation>1 Pause heute, um {last}.</translation>
        </message>
        <message>
            <source>{count} breaks today, the last at {last}.</source>
            <translation>{count} Pausen heute, die letzte um {last}.</translation>
        </message>
        <message>
            <source>1 of them was noticed because you were away.</source>
            <translation>1 davon wurde erkannt, weil Sie nicht am Computer waren.</translation>
        </message>
        <message>
            <source>{count} of them were noticed because you were away.</source>
            <translation>{count} davon wurden erkannt, weil Sie nicht am Computer waren.</translation>
        </message>
        <message numerus="yes">
            <source>You stood at the desk for {count} minutes.</source>
            <translation>
                <numerusform>Sie haben eine Minute am Schreibtisch gestanden.</numerusform>
                <numerusform>Sie haben {count} Minuten am Schreibtisch gestanden.</numerusform>
            </translation>
        </message>
        <message>
            <source>Reminder</source>
            <translation>Erinnerung</translation>
        </message>
        <message>
            <source>Remind me to get up</source>
            <translation>Ans Aufstehen erinnern</translation>
        </message>
        <message>
            <source>After sitting for</source>
            <translation>Nach einer Sitzzeit von</translation>
        </message>
        <message>
            <source> minutes</source>
            <translation> Minuten</translation>
        </message>
        <message>
            <source>{minutes} min</source>
            <translation>{minutes} min</translation>
        </message>
        <message>
            <source>Remind me after {minutes} minutes</source>
            <translation>Nach {minutes} Minuten erinnern</translation>
        </message>
        <message>
            <source>60 minutes is the usual choice because it is easy to keep up; type any number from {least} to {most}. The time counts only while you use the computer, and starts again after each break.</source>
            <translation>Üblich sind 60 Minuten, weil sich das leicht durchhalten lässt; jede Zahl von {least} bis {most} ist möglich. Die Zeit zählt nur, solange Sie den Computer benutzen, und beginnt nach jeder Pause neu.</translation>
        </message>
        <message>
            <source>A break takes</source>
            <translation>Eine Pause dauert</translation>
        </message>
        <message>
            <source>Being away for so long is a break: nobody touches keyboard or mouse, the screen is locked, or the computer sleeps.</source>
            <translation>So lange weg zu sein ist eine Pause: Niemand berührt Tastatur oder Maus, der Bildschirm ist gesperrt oder der Computer schläft.</translation>
        </message>
        <message>
            <source>I have a desk to stand at</source>
            <translation>Ich habe einen Tisch zum Stehen</translation>
        </message>
        <message>
            <source>After standing for</source>
            <translation>Nach einer Stehzeit von</translation>
        </message>
        <message>
            <source>Then say when you stand and when you sit, here or in the menu of the small icon. While you stand, sitting does not count, and after this time you are reminded to sit down or to move. When you sit again, sitting goes on where it was: standing alone is no break.</source>
            <translation>Sagen Sie dann hier oder im Menü des kleinen Symbols, wann Sie stehen und wann Sie sitzen. Solange Sie stehen, zählt das Sitzen nicht, und nach dieser Zeit werden Sie erinnert, sich zu setzen oder zu bewegen. Wenn Sie wieder sitzen, läuft die Sitzzeit dort weiter, wo sie aufgehört hat: Stehen allein ist keine Pause.</translation>
        </message>
        <message>
            <source>Quiet hours</source>
            <translation>Ruhezeit</translation>
        </message>
        <message>
            <source>from</source>
            <translation>von</translation>
        </message>
        <message>
            <source>to</source>
            <translation>bis</translation>
        </message>
        <message>
            <source>Quiet hours begin at</source>
            <translation>Die Ruhezeit beginnt um</translation>
        </message>
        <message>
            <source>Quiet hours end at</source>
            <translation>Die Ruhezeit endet um</translation>
        </message>
        <message>
            <source>Quiet days</source>
            <translation>Ruhetage</translation>
        </message>
        <message>
            <source>A reminder that falls into them comes afterwards, if you are still sitting.</source>
            <translation>Eine Erinnerung, die in diese Zeit fällt, kommt danach, wenn Sie dann noch sitzen.</translation>
        </message>
        <message>
            <source>With a sound</source>
            <translation>Mit Ton</translation>
        </message>
        <message>
            <source>Silent during calls and films</source>
            <translation>Still bei Anrufen und Filmen</translation>
        </message>
        <message>
            <source>During calls, presentations and films in full screen the reminder waits, and comes afterwards if you are still sitting. It looks whether a program uses the microphone or the camera, keeps the screen on or fills it.</source>
            <translation>Bei Anrufen, Vorträgen und Filmen im Vollbild wartet die Erinnerung und kommt danach, wenn Sie dann noch sitzen. Beltline sieht nach, ob ein Programm das Mikrofon oder die Kamera benutzt, den Bildschirm anlässt oder ihn ganz füllt.</translation>
        </message>
        <message>
            <source>Start when I log in</source>
            <translation>Bei der Anmeldung starten</translation>
        </message>
        <message>
            <source>Without this, reminders come only once you have opened Beltline, and until you quit its small icon near the clock.</source>
            <translation>Ohne dies kommen Erinnerungen erst, wenn Sie Beltline geöffnet haben, und nur, bis Sie das kleine Symbol bei der Uhr beenden.</translation>
        </message>
        <message>
            <source>Beltline could not change what starts when you log in. {why}</source>
            <translation>Beltline konnte nicht ändern, was bei der Anmeldung startet. {why}</translation>
        </message>
        <message>
            <source>Today's breaks could not be read. {why}</source>
            <translation>Die heutigen Pausen konnten nicht gelesen werden. {why}</translation>
        </message>
        <message>
            <source>This desktop has no place for small icons near the clock, so the reminder shows at the foot of this window while it is open.</source>
            <translation>Auf diesem Desktop gibt es keinen Platz für kleine Symbole bei der Uhr. Die Erinnerung erscheint deshalb unten in diesem Fenster, solange es offen ist.</translation>
        </message>
        <message>
            <source>This desktop does not tell how long keyboard and mouse have rested. A locked screen and a sleeping computer count as breaks; for the others, press the button.</source>
            <translation>Dieser Desktop verrät nicht, wie lange Tastatur und Maus geruht haben. Ein gesperrter Bildschirm und ein Computer im Ruhezustand zählen als Pause; drücken Sie bei anderen Pausen auf die Schaltfläche.</translation>
        </message>
        <message>
            <source>What to do in a break</source>
            <translation>Was Sie in einer Pause tun können</translation>
        </message>
        <message>
            <source>Stand up</source>
            <translation>Aufstehen</translation>
        </message>
        <message>
            <source>Push the chair back, get up and let your arms hang. Then go on with one of these.</source>
            <translation>Schieben Sie den Stuhl zurück, stehen Sie auf und lassen Sie die Arme hängen. Machen Sie dann mit einem der folgenden Vorschläge weiter.</translation>
        </message>
        <message>
            <source>Walk for 3 to 5 minutes</source>
            <translation>3 bis 5 Minuten gehen</translation>
        </message>
        <message>
            <source>To the kitchen, up and down the stairs, round the house: any pace is fine.</source>
            <translation>In die Küche, die Treppe hinauf und hinunter, ums Haus: Jedes Tempo ist gut.</translation>
        </message>
        <message>
            <source>One stretch</source>
            <translation>Einmal dehnen</translation>
        </message>
        <message>
            <source>Take a long step and bend the front knee a little. Tuck your bottom under until you feel a gentle pull at the front of the other hip. Stay for 20 seconds, breathe, change sides. Stop if it hurts.</source>
            <translation>Machen Sie einen großen Schritt und beugen Sie das vordere Knie etwas. Ziehen Sie den Po ein, bis Sie an der Vorderseite der anderen Hüfte ein leichtes Ziehen spüren. Bleiben Sie 20 Sekunden so, atmen Sie weiter, wechseln Sie die Seite. Hören Sie auf, wenn es wehtut.</translation>
        </message>
        <message>
            <source>Ten squeezes</source>
            <translation>Zehnmal anspannen</translation>
        </message>
        <message>
            <source>Standing or sitting, squeeze both sides of your buttocks for 5 seconds, breathe on, let go. Ten times; keep the thighs loose.</source>
            <translation>Spannen Sie im Stehen oder Sitzen beide Seiten des Gesäßes 5 Sekunden lang an, atmen Sie weiter, lassen Sie los. Zehnmal; die Oberschenkel bleiben locker.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>I took a break</source>
            <translation>Ich habe Pause gemacht</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Später</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>Pausenerinnerung</translation>
        </message>
        <message>
            <source>Beltline</source>
            <translation>Beltline</translation>
        </message>
        <message>
            <source>Remind me in 5 minutes</source>
            <translation>In 5 Minuten erinnern</translation>
        </message>
        <message>
            <source>No reminders for a while</source>
            <translation>Eine Weile nicht erinnern</translation>
        </message>
        <message>
            <source>Open Beltline</source>
            <translation>Beltline öffnen</translation>
        </message>
        <message>
            <source>Reminder settings...</source>
            <translation>Erinnerung einstellen...</translation>
        </message>
        <message>
            <source>Quit the reminder</source>
            <translation>Erinnerung beenden</translation>
        </message>
        <message>
            <source>Reminders are off. Switch them on in the window: Sit less, 'Remind me to get up'. To open it: beltline</source>
            <translation>Erinnerungen sind ausgeschaltet. Einschalten können Sie sie im Fenster: „Weniger sitzen“, „Ans Aufstehen erinnern“. So öffnen Sie es: beltline</translation>
        </message>
        <message>
            <source>The reminder is running already.</source>
            <translation>Die Erinnerung läuft schon.</translation>
        </message>
        <message>
            <source>A reminder is running but does not answer. End it in the system's list of programs, then start it again: beltline tray</source>
            <translation>Eine Erinnerung läuft, antwortet aber nicht. Beenden Sie sie in der Prozessliste des Systems und starten Sie sie dann neu: beltline tray</translation>
        </message>
        <message>
            <source>The reminder cannot start: {why}.</source>
            <translation>Die Erinnerung kann nicht starten: {why}.</translation>
        </message>
        <message>
            <source>Another Beltline window is open but does not answer, so this one opened beside it. What you change in one shows in the other after a restart.</source>
            <translation>Ein anderes Beltline-Fenster ist offen, antwortet aber nicht; dieses hat sich daneben geöffnet. Was Sie in einem ändern, ist im anderen erst nach einem Neustart zu sehen.</translation>
        </message>
        <message>
            <source>stand up, then {what}. {how}</source>
            <translation>aufstehen, dann „{what}“. {how}</translation>
        </message>
        <message>
            <source>sit down, or {what}. {how}</source>
            <translation>hinsetzen oder „{what}“. {how}</translation>
        </message>
    </context>
    <context>
        <name>app.text.calibration</name>
        <message>
            <source>Calibrate</source>
            <translation>Kalibrieren</translation>
        </message>
        <message>
            <source>Bones are shaped differently in everybody, and an outline cannot show them. Show Beltline once where your bones are, and from then on it takes that into account whenever it measures you by your outline.</source>
            <translation>Knochen sind bei jedem anders geformt, und ein Umriss kann das nicht zeigen. Zeigen Sie Beltline einmal, wo Ihre Knochen sind; ab dann wird das berücksichtigt, wenn Sie anhand des Umrisses gemessen werden.</translation>
        </message>
        <message>
            <source>Feel for the bump at the front of your hip bone and for the dimple at the back. Put a round sticker on each, both of one colour, on the side that faces the camera.</source>
            <translation>Ertasten Sie den Höcker vorn am Beckenknochen und das Grübchen hinten. Kleben Sie auf beides einen runden Klebepunkt, beide in einer Farbe, auf der Seite, die zur Kamera zeigt.</translation>
        </message>
        <message>
            <source>Take a picture side-on in clothes that fit closely. One is enough; five are better, each time after a few steps and with the stickers placed again.</source>
            <translation>Machen Sie von der Seite ein Bild in eng anliegender Kleidung. Eines genügt; fünf sind besser, jedes nach ein paar Schritten und mit neu gesetzten Klebepunkten.</translation>
        </message>
        <message>
            <source>Without stickers, press “Mark the bony points yourself” and drag both crosses to where your fingers feel the bones.</source>
            <translation>Ohne Klebepunkte drücken Sie auf „Knochenpunkte selbst markieren“ und ziehen beide Kreuze dorthin, wo Ihre Finger die Knochen spüren.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further forward than your outline shows.</source>
            <translation>{source}: Ihre Knochen sind {angle}° weiter nach vorn gekippt, als Ihr Umriss es zeigt.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted {angle}° further backward than your outline shows.</source>
            <translation>{source}: Ihre Knochen sind {angle}° weiter nach hinten gekippt, als Ihr Umriss es zeigt.</translation>
        </message>
        <message>
            <source>{source}: your bones are tilted just as your outline shows.</source>
            <translation>{source}: Ihre Knochen sind genau so gekippt, wie Ihr Umriss es zeigt.</translation>
        </message>
        <message>
            <source>{source}: {message} {fix}</source>
            <translation>{source}: {message} {fix}</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further forward than your outline shows ({interval}).</source>
            <translation>Ihre Knochen sind {angle}° weiter nach vorn gekippt, als Ihr Umriss es zeigt ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted {angle}° further backward than your outline shows ({interval}).</source>
            <translation>Ihre Knochen sind {angle}° weiter nach hinten gekippt, als Ihr Umriss es zeigt ({interval}).</translation>
        </message>
        <message>
            <source>Your bones are tilted just as your outline shows ({interval}).</source>
            <translation>Ihre Knochen sind genau so gekippt, wie Ihr Umriss es zeigt ({interval}).</translation>
        </message>
        <message>
            <source>likely {first} to {last}</source>
            <translation>wahrscheinlich {first} bis {last}</translation>
        </message>
        <message>
            <source>likely from {back} further backward to {ahead} further forward</source>
            <translation>wahrscheinlich von {back} weiter nach hinten bis {ahead} weiter nach vorn</translation>
        </message>
        <message>
            <source>From now on, {angle}° are added whenever you are measured by your outline.</source>
            <translation>Ab jetzt werden {angle}° dazugezählt, wenn Sie anhand des Umrisses gemessen werden.</translation>
        </message>
        <message>
            <source>From now on, {angle}° are taken away whenever you are measured by your outline.</source>
            <translation>Ab jetzt werden {angle}° abgezogen, wenn Sie anhand des Umrisses gemessen werden.</translation>
        </message>
        <message>
            <source>From now on, your outline is known to show your tilt as it is.</source>
            <translation>Ab jetzt ist bekannt, dass Ihr Umriss die Kippung so zeigt, wie sie ist.</translation>
        </message>
        <message>
            <source>Such checks are called calibrated. They get a line of their own over time and are compared with each other only.</source>
            <translation>Solche Messungen heißen kalibriert. Sie bekommen im Zeitverlauf eine eigene Linie und werden nur miteinander verglichen.</translation>
        </message>
        <message numerus="yes">
            <source>It rests on {count} pictures, the last of {day}.</source>
            <translation>
                <numerusform>Sie beruht auf 1 Bild vom {day}. Mit fünf Bildern ist sie sicherer.</numerusform>
                <numerusform>Sie beruht auf {count} Bildern, das letzte vom {day}.</numerusform>
            </translation>
        </message>
        <message>
            <source>Calibrate again after a year, or when your weight has changed much.</source>
            <translation>Kalibrieren Sie nach einem Jahr neu oder wenn sich Ihr Gewicht stark verändert hat.</translation>
        </message>
        <message>
            <source>It is more than a year old. Please calibrate again.</source>
            <translation>Sie ist über ein Jahr alt. Bitte kalibrieren Sie neu.</translation>
        </message>
        <message>
            <source>It was made with an earlier version of Beltline and is not used any more. Please calibrate again.</source>
            <translation>Sie wurde mit einer früheren Version von Beltline gemacht und wird nicht mehr verwendet. Bitte kalibrieren Sie neu.</translation>
        </message>
        <message>
            <source>{name} is not calibrated yet. Do it with: beltline calibrate PHOTO... --profile NAME</source>
            <translation>Für {name} gibt es noch keine Kalibrierung. So geht es: beltline calibrate PHOTO... --profile NAME</translation>
        </message>
        <message>
            <source>One picture is enough; up to five make it surer.</source>
            <translation>Ein Bild genügt; bis zu fünf machen sie sicherer.</translation>
        </message>
        <message>
            <source>Calibrated. From now on, checks by the outline rest on it.</source>
            <translation>Kalibriert. Ab jetzt beruhen Messungen anhand des Umrisses darauf.</translation>
        </message>
        <message>
            <source>Too little is kept of its pictures. Please take new ones.</source>
            <translation>Von ihren Bildern ist zu wenig erhalten. Bitte nehmen Sie neue auf.</translation>
        </message>
        <message>
            <source>No calibration was kept, and nothing else has changed.</source>
            <translation>Es wurde keine Kalibrierung gespeichert, und auch sonst hat sich nichts geändert.</translation>
        </message>
        <message>
            <source>The calibration of {name} is forgotten. Checks made with it, and its pictures, stay.</source>
            <translation>Die Kalibrierung für {name} ist vergessen. Messungen, die damit gemacht wurden, und die Bilder dazu bleiben.</translation>
        </message>
        <message>
            <source>{name} is not calibrated, so there is nothing to forget.</source>
            <translation>Für {name} gibt es keine Kalibrierung, also auch nichts zu vergessen.</translation>
        </message>
        <message>
            <source>It rests on the calibration of {day}.</source>
            <translation>Das beruht auf der Kalibrierung vom {day}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.experiment</name>
        <message>
            <source>Did the exercises help me?</source>
            <translation>Haben mir die Übungen geholfen?</translation>
        </message>
        <message>
            <source>Plan some weeks with your exercises and some without; chance decides which. Make a check every week, in the same clothes. At the end Beltline tells you whether the two kinds of weeks differ by more than chance.</source>
            <translation>Planen Sie einige Wochen mit Ihren Übungen und einige ohne; welche es sind, bestimmt der Zufall. Messen Sie jede Woche, in derselben Kleidung. Am Ende sagt Ihnen Beltline, ob sich die beiden Arten von Wochen stärker unterscheiden, als es durch Zufall vorkommt.</translation>
        </message>
        <message>
            <source>This shows only what comes and goes within a week, not strength that lasts longer, nor how you feel. In trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>Das zeigt nur, was innerhalb einer Woche kommt und geht, nicht Kraft, die länger bleibt, und nicht, wie Sie sich fühlen. In Studien veränderte sich die Kippung selbst um höchstens 1 bis 2°.</translation>
        </message>
        <message>
            <source>How long</source>
            <translation>Wie lange</translation>
        </message>
        <message>
            <source>{count} weeks</source>
            <translation>{count} Wochen</translation>
        </message>
        <message>
            <source>Plan these weeks from today</source>
            <translation>Diese Wochen ab heute planen</translation>
        </message>
        <message>
            <source>End this plan</source>
            <translation>Diesen Plan beenden</translation>
        </message>
        <message>
            <source>Planned {count} weeks</source>
            <translation>{count} Wochen geplant</translation>
        </message>
        <message>
            <source>Ended the plan</source>
            <translation>Plan beendet</translation>
        </message>
        <message>
            <source>Week {week} of {count}: do your exercises, and make a check.</source>
            <translation>Woche {week} von {count}: Machen Sie Ihre Übungen und eine Messung.</translation>
        </message>
        <message>
            <source>Week {week} of {count}: no exercises, but make a check.</source>
            <translation>Woche {week} von {count}: keine Übungen, aber eine Messung.</translation>
        </message>
        <message>
            <source>The plan ended on {day}.</source>
            <translation>Der Plan endete am {day}.</translation>
        </message>
        <message>
            <source>Planned on {day}.</source>
            <translation>Geplant am {day}.</translation>
        </message>
        <message>
            <source>Exercises: {with_} in weeks with them, {without} in weeks without.</source>
            <translation>Geübt: {with_} in Wochen mit Übungen, {without} in Wochen ohne.</translation>
        </message>
        <message numerus="yes">
            <source>{count} days</source>
            <translation>
                <numerusform>1 Tag</numerusform>
                <numerusform>{count} Tage</numerusform>
            </translation>
        </message>
        <message>
            <source>Tilt: nothing to compare yet. It takes a check in weeks of both kinds.</source>
            <translation>Kippung: Noch gibt es nichts zu vergleichen. Nötig ist je eine Messung in beiden Arten von Wochen.</translation>
        </message>
        <message>
            <source>Range: nothing to compare yet. It takes a range test in weeks of both kinds.</source>
            <translation>Beweglichkeit: Noch gibt es nichts zu vergleichen. Nötig ist je ein Beweglichkeitstest in beiden Arten von Wochen.</translation>
        </message>
        <message>
            <source>Tilt: {mean}° more forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>Kippung: in Wochen mit Übungen {mean}° weiter nach vorn (wahrscheinlich {low} bis {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° wider in weeks with exercises (likely {low} to {high}).</source>
            <translation>Beweglichkeit: in Wochen mit Übungen {mean}° größer (wahrscheinlich {low} bis {high}).</translation>
        </message>
        <message>
            <source>Tilt: {mean}° less forward in weeks with exercises (likely {low} to {high}).</source>
            <translation>Kippung: in Wochen mit Übungen {mean}° weniger nach vorn (wahrscheinlich {low} bis {high}).</translation>
        </message>
        <message>
            <source>Range: {mean}° narrower in weeks with exercises (likely {low} to {high}).</source>
            <translation>Beweglichkeit: in Wochen mit Übungen {mean}° kleiner (wahrscheinlich {low} bis {high}).</translation>
        </message>
        <message>
            <source>Tilt: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>Kippung: in Wochen mit und ohne Übungen gleich (wahrscheinlich {low} bis {high}).</translation>
        </message>
        <message>
            <source>Range: the same in weeks with and without exercises (likely {low} to {high}).</source>
            <translation>Beweglichkeit: in Wochen mit und ohne Übungen gleich (wahrscheinlich {low} bis {high}).</translation>
        </message>
        <message>
            <source>{pairs} of {least} pairs of weeks so far: too few to tell it from chance.</source>
            <translation>Bisher {pairs} von {least} Wochenpaaren: zu wenige, um es vom Zufall zu unterscheiden.</translation>
        </message>
        <message>
            <source>Chance alone does as much in {often} of 100 such plans, so this shows no difference.</source>
            <translation>Allein durch Zufall kommt so viel in {often} von 100 solchen Plänen vor; ein Unterschied zeigt sich hier also nicht.</translation>
        </message>
        <message>
            <source>Chance alone does as much in only {often} of 100 such plans.</source>
            <translation>Allein durch Zufall kommt so viel nur in {often} von 100 solchen Plänen vor.</translation>
        </message>
        <message>
            <source>Chance alone does as much in fewer than 1 of 100 such plans.</source>
            <translation>Allein durch Zufall kommt so viel in weniger als 1 von 100 solchen Plänen vor.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.progress</name>
        <message>
            <source>What you did</source>
            <translation>Was Sie gemacht haben</translation>
        </message>
        <message>
            <source>This week: {done}.</source>
            <translation>Diese Woche: {done}.</translation>
        </message>
        <message>
            <source>nothing noted so far</source>
            <translation>noch nichts notiert</translation>
        </message>
        <message>
            <source>Last week: {done}.</source>
            <translation>Letzte Woche: {done}.</translation>
        </message>
        <message>
            <source>{count} weeks in a row with exercises on {days} days or more.</source>
            <translation>{count} Wochen in Folge an mindestens {days} Tagen geübt.</translation>
        </message>
        <message>
            <source>The habit is what counts: in trials the tilt itself changed by 1 to 2° at most.</source>
            <translation>Auf die Gewohnheit kommt es an: In Studien veränderte sich die Kippung selbst um höchstens 1 bis 2°.</translation>
        </message>
        <message>
            <source>■ exercises</source>
            <translation>■ Übungen</translation>
        </message>
        <message>
            <source>▮ breaks</source>
            <translation>▮ Pausen</translation>
        </message>
        <message>
            <source>self-check: ● yes, ◐ partly, ○ no</source>
            <translation>Selbsttest: ● ja, ◐ teilweise, ○ nein</translation>
        </message>
        <message>
            <source>Exercises, breaks and self-checks over time</source>
            <translation>Übungen, Pausen und Selbsttests im Lauf der Zeit</translation>
        </message>
        <message>
            <source>Left and Right go from one day, week or month to the next.</source>
            <translation>Links und Rechts gehen von einem Tag, einer Woche oder einem Monat zum nächsten.</translation>
        </message>
        <message numerus="yes">
            <source>exercises on {count} days</source>
            <translation>
                <numerusform>Übungen an 1 Tag</numerusform>
                <numerusform>Übungen an {count} Tagen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} sets</source>
            <translation>
                <numerusform>1 Satz</numerusform>
                <numerusform>{count} Sätze</numerusform>
            </translation>
        </message>
        <message>
            <source>{sets} of {count} different exercises</source>
            <translation>{sets} aus {count} verschiedenen Übungen</translation>
        </message>
        <message numerus="yes">
            <source>{count} breaks</source>
            <translation>
                <numerusform>1 Pause</numerusform>
                <numerusform>{count} Pausen</numerusform>
            </translation>
        </message>
        <message>
            <source>{breaks} ({count} noticed while you were away)</source>
            <translation>{breaks} ({count} in Ihrer Abwesenheit erkannt)</translation>
        </message>
        <message numerus="yes">
            <source>{count} self-checks</source>
            <translation>
                <numerusform>1 Selbsttest</numerusform>
                <numerusform>{count} Selbsttests</numerusform>
            </translation>
        </message>
        <message>
            <source>{when}: {done}.</source>
            <translation>{when}: {done}.</translation>
        </message>
        <message>
            <source>Week from {when}: {done}.</source>
            <translation>Woche ab {when}: {done}.</translation>
        </message>
        <message>
            <source>Month from {when}: {done}.</source>
            <translation>Monat ab {when}: {done}.</translation>
        </message>
        <message>
            <source>What was done, week by week</source>
            <translation>Was gemacht wurde, Woche für Woche</translation>
        </message>
        <message>
            <source>Weeks begin on Monday. Sets as the person, a timer or the camera counted them; breaks as the person said or the computer noticed. In trials of exercises the tilt itself changed by 1 to 2° at most, so this is no explanation of the angles.</source>
            <translation>Wochen beginnen am Montag. Sätze, wie die Person, ein Timer oder die Kamera sie gezählt hat; Pausen, wie die Person sie angegeben oder der Computer sie erkannt hat. In Übungsstudien veränderte sich die Kippung selbst um höchstens 1 bis 2°; die Winkel lassen sich damit also nicht erklären.</translation>
        </message>
        <message>
            <source>Days with exercises</source>
            <translation>Tage mit Übungen</translation>
        </message>
        <message>
            <source>Sets</source>
            <translation>Sätze</translation>
        </message>
        <message>
            <source>Breaks</source>
            <translation>Pausen</translation>
        </message>
        <message>
            <source>Self-check</source>
            <translation>Selbsttest</translation>
        </message>
        <message>
            <source>from {day}</source>
            <translation>ab {day}</translation>
        </message>
        <message>
            <source>{day}: {answers}</source>
            <translation>{day}: {answers}</translation>
        </message>
        <message>
            <source>Since {day}: exercises on {days} days, {sets} sets, {breaks} breaks.</source>
            <translation>Seit {day}: Übungen an {days} Tagen, {sets} Sätze, {breaks} Pausen.</translation>
        </message>
    </context>
    <context>
        <name>app.text.change.stance</name>
        <message>
            <source>Last time you stood {how}.</source>
            <translation>Beim letzten Mal standen Sie {how}.</translation>
        </message>
        <message>
            <source>At the check before, you stood {how}.</source>
            <translation>Bei der Messung davor standen Sie {how}.</translation>
        </message>
        <message>
            <source>In the earlier one you stood {how}.</source>
            <translation>Auf dem früheren Bild standen Sie {how}.</translation>
        </message>
        <message>
            <source>You stand as you did last time.</source>
            <translation>Sie stehen wie beim letzten Mal.</translation>
        </message>
        <message>
            <source>Show how you stood last time</source>
            <translation>Zeigen, wie Sie letztes Mal standen</translation>
        </message>
        <message>
            <source>The outline of your last check, so that you can stand the same way again</source>
            <translation>Der Umriss Ihrer letzten Messung, damit Sie sich wieder genauso hinstellen können</translation>
        </message>
        <message>
            <source>with your left side to the camera</source>
            <translation>mit der linken Seite zur Kamera</translation>
        </message>
        <message>
            <source>with your right side to the camera</source>
            <translation>mit der rechten Seite zur Kamera</translation>
        </message>
        <message>
            <source>with your fists on your collar-bones</source>
            <translation>mit den Fäusten an den Schlüsselbeinen</translation>
        </message>
        <message>
            <source>with your arms hanging down</source>
            <translation>mit hängenden Armen</translation>
        </message>
        <message>
            <source>with your arms crossed on your chest</source>
            <translation>mit vor der Brust gekreuzten Armen</translation>
        </message>
        <message>
            <source>with your arms stretched forward</source>
            <translation>mit nach vorn gestreckten Armen</translation>
        </message>
        <message>
            <source>in {garment}</source>
            <translation>in der Kleidung „{garment}“</translation>
        </message>
        <message>
            <source>further away</source>
            <translation>weiter weg</translation>
        </message>
        <message>
            <source>nearer</source>
            <translation>näher dran</translation>
        </message>
        <message>
            <source>with the camera higher up</source>
            <translation>mit höher stehender Kamera</translation>
        </message>
        <message>
            <source>with the camera lower down</source>
            <translation>mit tiefer stehender Kamera</translation>
        </message>
        <message>
            <source>with the camera more level</source>
            <translation>mit weniger geneigter Kamera</translation>
        </message>
        <message>
            <source>with the camera more tilted</source>
            <translation>mit stärker geneigter Kamera</translation>
        </message>
    </context>
    <context>
        <name>app.text.check</name>
        <message>
            <source>Put your hands on your hips. Follow the edge of the bone forward with your fingers until it ends in a small bump at the front: that is the front point.</source>
            <translation>Legen Sie die Hände auf die Hüften. Folgen Sie mit den Fingern der Knochenkante nach vorn, bis sie in einem kleinen Höcker endet: Das ist der vordere Punkt.</translation>
        </message>
        <message>
            <source>Slide your thumbs to the back, to the two dimples just above the buttocks. The bump under the dimple is the back point.</source>
            <translation>Schieben Sie die Daumen nach hinten zu den beiden Grübchen gleich über dem Gesäß. Der Höcker unter dem Grübchen ist der hintere Punkt.</translation>
        </message>
        <message>
            <source>On the picture, drag the front cross to where the front bump is, and the back cross to where the dimple is, on the side that faces the camera.</source>
            <translation>Ziehen Sie auf dem Bild das vordere Kreuz dorthin, wo der vordere Höcker ist, und das hintere Kreuz dorthin, wo das Grübchen ist, auf der Seite, die zur Kamera zeigt.</translation>
        </message>
        <message>
            <source>The points can be felt, but hardly seen. It is most exact when somebody feels for them and puts a small sticker on each before the picture is taken.</source>
            <translation>Die Punkte lassen sich ertasten, aber kaum sehen. Am genauesten wird es, wenn jemand sie ertastet und auf jeden einen kleinen Klebepunkt setzt, bevor das Bild gemacht wird.</translation>
        </message>
        <message>
            <source>A body from the side. The front point is the bump at the front end of the hip bone's edge; the back point lies under the dimple above the buttock, usually a little higher.</source>
            <translation>Ein Körper von der Seite. Der vordere Punkt ist der Höcker am vorderen Ende der Kante des Beckenknochens; der hintere Punkt liegt unter dem Grübchen über dem Gesäß, meist etwas höher.</translation>
        </message>
        <message>
            <source>usual range 3 to 20° forward</source>
            <translation>üblicher Bereich 3 bis 20° nach vorn</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>Geschätzte Beckenkippung</translation>
        </message>
        <message>
            <source>Angle of the belt line</source>
            <translation>Winkel der Gürtellinie</translation>
        </message>
        <message>
            <source>{angle}° {direction}</source>
            <translation>{angle}° {direction}</translation>
        </message>
        <message>
            <source>0°, level</source>
            <translation>0°, waagerecht</translation>
        </message>
        <message>
            <source>{angle}° lower in front</source>
            <translation>vorn {angle}° tiefer</translation>
        </message>
        <message>
            <source>{angle}° higher in front</source>
            <translation>vorn {angle}° höher</translation>
        </message>
        <message>
            <source>likely {interval}</source>
            <translation>wahrscheinlich {interval}</translation>
        </message>
        <message>
            <source>Also, {method}: {value}, {likely}.</source>
            <translation>Außerdem {method}: {value}, {likely}.</translation>
        </message>
        <message>
            <source>Belt line: {value}, {likely}</source>
            <translation>Gürtellinie: {value}, {likely}</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was turned by {roll}°; that is taken out.</source>
            <translation>Ihr Lot zeigt, dass die Kamera um {roll}° gedreht war; das ist herausgerechnet.</translation>
        </message>
        <message>
            <source>Your plumb line shows that the camera was level.</source>
            <translation>Ihr Lot zeigt, dass die Kamera gerade stand.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. To be sure, lay the plumb line under “Mark the bony points yourself” on a door frame.</source>
            <translation>Stand die Kamera schief, ist der Winkel um genau so viel falsch. Um sicherzugehen, legen Sie unter „Knochenpunkte selbst markieren“ das Lot an einen Türrahmen.</translation>
        </message>
        <message>
            <source>How far is your pelvis tilted?</source>
            <translation>Wie weit ist Ihr Becken gekippt?</translation>
        </message>
        <message>
            <source>Stand side-on to the camera in clothes that fit closely, your fists on your collar-bones.</source>
            <translation>Stellen Sie sich in eng anliegender Kleidung seitlich zur Kamera, die Fäuste an den Schlüsselbeinen.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out. Have the picture taken from about three metres away, at the height of your hips.</source>
            <translation>Gehen Sie fünf Schritte auf der Stelle, stehen Sie locker, schauen Sie geradeaus, atmen Sie aus. Lassen Sie das Bild aus etwa drei Metern Entfernung auf Hüfthöhe machen.</translation>
        </message>
        <message>
            <source>Open the photograph, drop it on this page or paste it. It stays on this computer.</source>
            <translation>Öffnen Sie das Foto, ziehen Sie es auf diese Seite oder fügen Sie es ein. Es bleibt auf diesem Computer.</translation>
        </message>
        <message>
            <source>Drawing</source>
            <translation>Zeichnung</translation>
        </message>
        <message>
            <source>The camera stands beside the person, at the height of the hips and three metres away. The picture shows the person from the side, from head to feet, fists on the collar-bones.</source>
            <translation>Die Kamera steht neben der Person, auf Hüfthöhe und drei Meter entfernt. Das Bild zeigt die Person von der Seite, von Kopf bis Fuß, die Fäuste an den Schlüsselbeinen.</translation>
        </message>
        <message>
            <source>On the left, what was wrong with the picture. On the right, how it should be: one person from the side, upright, from head to feet.</source>
            <translation>Links, was am Bild nicht gestimmt hat. Rechts, wie es sein soll: eine Person von der Seite, aufrecht, von Kopf bis Fuß.</translation>
        </message>
        <message>
            <source>Three metres away, side-on, whole body in the picture, fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>Drei Meter entfernt, von der Seite, der ganze Körper im Bild, die Fäuste an den Schlüsselbeinen. Gehen Sie fünf Schritte auf der Stelle, stehen Sie locker, schauen Sie geradeaus, atmen Sie aus.</translation>
        </message>
        <message>
            <source>Drag each of the two points to where you feel the bone under the skin. The arrow keys move the chosen point by a little. Add the plumb line if something upright is in the picture.</source>
            <translation>Ziehen Sie beide Punkte dorthin, wo Sie den Knochen unter der Haut spüren. Mit den Pfeiltasten bewegen Sie den gewählten Punkt ein kleines Stück. Fügen Sie das Lot hinzu, wenn etwas Senkrechtes im Bild ist.</translation>
        </message>
        <message>
            <source>Drag the two ends of the line onto something that is upright in reality, such as a door frame or the edge of a wall, as far apart as you can. It shows how far the camera was turned.</source>
            <translation>Ziehen Sie die beiden Enden der Linie auf etwas, das in Wirklichkeit senkrecht ist, zum Beispiel einen Türrahmen oder eine Wandkante, und zwar so weit auseinander wie möglich. Das zeigt, wie weit die Kamera gedreht war.</translation>
        </message>
        <message>
            <source>This is a link to the web, not a photograph.</source>
            <translation>Das ist ein Link ins Internet, kein Foto.</translation>
        </message>
        <message>
            <source>Save the picture on this computer first, then open it here.</source>
            <translation>Speichern Sie das Bild erst auf diesem Computer und öffnen Sie es dann hier.</translation>
        </message>
        <message>
            <source>This is not a photograph.</source>
            <translation>Das ist kein Foto.</translation>
        </message>
        <message>
            <source>Drop a picture file here, for example a JPEG.</source>
            <translation>Legen Sie hier eine Bilddatei ab, zum Beispiel ein JPEG.</translation>
        </message>
        <message>
            <source>There is no picture to paste.</source>
            <translation>Es gibt kein Bild zum Einfügen.</translation>
        </message>
        <message>
            <source>Copy a photograph or its file first, then paste it here.</source>
            <translation>Kopieren Sie erst ein Foto oder seine Datei und fügen Sie es dann hier ein.</translation>
        </message>
        <message>
            <source>One photograph at a time: the first of {count} was opened.</source>
            <translation>Immer nur ein Foto: Das erste von {count} wurde geöffnet.</translation>
        </message>
        <message>
            <source>The hips cannot be seen well enough to place the points.</source>
            <translation>Die Hüfte ist nicht gut genug zu sehen, um die Punkte zu setzen.</translation>
        </message>
        <message>
            <source>Take a picture in which the whole body shows.</source>
            <translation>Machen Sie ein Bild, auf dem der ganze Körper zu sehen ist.</translation>
        </message>
        <message>
            <source>{name}: {message} {fix}</source>
            <translation>{name}: {message} {fix}</translation>
        </message>
        <message>
            <source>Nothing was moved, so this is still the automatic measurement.</source>
            <translation>Nichts wurde bewegt; das ist also noch die automatische Messung.</translation>
        </message>
        <message>
            <source>This is a computer-made person. The sample is not saved; open a photograph of your own to begin a history.</source>
            <translation>Das ist eine computererzeugte Person. Das Beispiel wird nicht gespeichert; öffnen Sie ein eigenes Foto, um einen Verlauf zu beginnen.</translation>
        </message>
        <message>
            <source>This check could not be saved.</source>
            <translation>Diese Messung konnte nicht gespeichert werden.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>Versuchen Sie es noch einmal. Wenn es wieder nicht klappt, schließen Sie Beltline und öffnen Sie es neu.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>Bei diesem Foto ist in Beltline selbst ein Fehler aufgetreten.</translation>
        </message>
        <message>
            <source>Try another picture, and please report what happened.</source>
            <translation>Versuchen Sie es mit einem anderen Bild und melden Sie bitte, was passiert ist.</translation>
        </message>
        <message>
            <source>Exercises and self-check</source>
            <translation>Übungen und Selbsttest</translation>
        </message>
        <message>
            <source>Break reminder</source>
            <translation>Pausenerinnerung</translation>
        </message>
        <message>
            <source>Live check</source>
            <translation>Live-Messung</translation>
        </message>
        <message>
            <source>How to prepare</source>
            <translation>So bereiten Sie sich vor</translation>
        </message>
        <message>
            <source>Fists on the collar-bones</source>
            <translation>Fäuste an den Schlüsselbeinen</translation>
        </message>
        <message>
            <source>Hanging down</source>
            <translation>Hängend</translation>
        </message>
        <message>
            <source>Crossed on the chest</source>
            <translation>Vor der Brust gekreuzt</translation>
        </message>
        <message>
            <source>Stretched forward</source>
            <translation>Nach vorn gestreckt</translation>
        </message>
    </context>
    <context>
        <name>app.text.doctor</name>
        <message>
            <source>All models are there and undamaged.</source>
            <translation>Alle Modelle sind da und unbeschädigt.</translation>
        </message>
        <message>
            <source>The sample picture was measured: {tilt}.</source>
            <translation>Das Beispielbild wurde gemessen: {tilt}.</translation>
        </message>
        <message>
            <source>The sample picture could not be measured.</source>
            <translation>Das Beispielbild konnte nicht gemessen werden.</translation>
        </message>
        <message>
            <source>Install Beltline again.</source>
            <translation>Installieren Sie Beltline neu.</translation>
        </message>
        <message>
            <source>A window can be opened.</source>
            <translation>Ein Fenster lässt sich öffnen.</translation>
        </message>
        <message>
            <source>Found: {names}.</source>
            <translation>Gefunden: {names}.</translation>
        </message>
        <message>
            <source>No camera was found.</source>
            <translation>Es wurde keine Kamera gefunden.</translation>
        </message>
        <message>
            <source>Photographs can be measured all the same; else connect a camera.</source>
            <translation>Fotos lassen sich trotzdem messen; für alles andere schließen Sie eine Kamera an.</translation>
        </message>
        <message>
            <source>Another program looks through a camera just now; close it if yours stays black.</source>
            <translation>Gerade benutzt ein anderes Programm eine Kamera; schließen Sie es, falls Ihr Bild schwarz bleibt.</translation>
        </message>
        <message>
            <source>There is a camera, but you are not allowed to use it.</source>
            <translation>Es gibt eine Kamera, aber Sie dürfen sie nicht benutzen.</translation>
        </message>
        <message>
            <source>Give yourself the right with this command, then log out and in again: {command}</source>
            <translation>Geben Sie sich mit diesem Befehl das Recht dazu und melden Sie sich dann ab und wieder an: {command}</translation>
        </message>
        <message>
            <source>This computer can speak, so the live check tells you what to do.</source>
            <translation>Dieser Computer kann sprechen; die Live-Messung sagt Ihnen also, was zu tun ist.</translation>
        </message>
        <message>
            <source>This computer has no voice for your language; tones and large words stand in for it.</source>
            <translation>Dieser Computer hat keine Stimme für Ihre Sprache; stattdessen gibt es Töne und große Schrift.</translation>
        </message>
        <message>
            <source>Install one, on Debian or Ubuntu with: {command}</source>
            <translation>Installieren Sie eine, unter Debian oder Ubuntu mit: {command}</translation>
        </message>
        <message>
            <source>sudo apt install speech-dispatcher-espeak-ng</source>
            <translation>sudo apt install speech-dispatcher-espeak-ng</translation>
        </message>
        <message>
            <source>Every letter of your language can be shown and printed.</source>
            <translation>Alle Buchstaben Ihrer Sprache lassen sich anzeigen und drucken.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters of your language: {letters}</source>
            <translation>Keine Schrift auf diesem Computer enthält diese Buchstaben Ihrer Sprache: {letters}</translation>
        </message>
        <message>
            <source>Install a font for them, such as one of Google's Noto fonts, and look again.</source>
            <translation>Installieren Sie eine Schrift dafür, zum Beispiel eine der Noto-Schriften von Google, und prüfen Sie noch einmal.</translation>
        </message>
        <message>
            <source>A camera's password is kept safely, in this computer's keyring.</source>
            <translation>Das Passwort einer Kamera wird sicher im Schlüsselbund dieses Computers aufbewahrt.</translation>
        </message>
        <message>
            <source>There is no keyring, so a camera's password is kept nowhere.</source>
            <translation>Es gibt keinen Schlüsselbund, deshalb wird das Passwort einer Kamera nirgends gespeichert.</translation>
        </message>
        <message>
            <source>Type it each time, or install GNOME Keyring or KWallet.</source>
            <translation>Geben Sie es jedes Mal ein oder installieren Sie GNOME Keyring oder KWallet.</translation>
        </message>
        <message>
            <source>Checks kept: {count}, in {where}.</source>
            <translation>Gespeicherte Messungen: {count}, in {where}.</translation>
        </message>
        <message>
            <source>the database that BELTLINE_DATABASE_URL names</source>
            <translation>der Datenbank, die BELTLINE_DATABASE_URL nennt</translation>
        </message>
        <message>
            <source>Nothing is kept yet; it will be in {folder}.</source>
            <translation>Noch ist nichts gespeichert; der Ort dafür ist {folder}.</translation>
        </message>
        <message>
            <source>Nothing can be kept in {folder}: that place cannot be written to.</source>
            <translation>In {folder} kann nichts gespeichert werden: Der Ort ist nicht beschreibbar.</translation>
        </message>
        <message>
            <source>Make the folder yours to write to.</source>
            <translation>Geben Sie sich Schreibrechte für den Ordner.</translation>
        </message>
        <message>
            <source>Saved in {path}: {checks}, {tests} and {entries}.</source>
            <translation>Gespeichert in {path}: {checks}, {tests} und {entries}.</translation>
        </message>
        <message>
            <source>What could be read is in use now: {checks}, {tests} and {entries}.</source>
            <translation>Was sich lesen ließ, wird jetzt verwendet: {checks}, {tests} und {entries}.</translation>
        </message>
        <message>
            <source>{count} of these come from copies of earlier days.</source>
            <translation>Davon aus Kopien früherer Tage: {count}.</translation>
        </message>
        <message>
            <source>Lost: {what}.</source>
            <translation>Verloren: {what}.</translation>
        </message>
        <message>
            <source>check {number} of {when}, {angle}</source>
            <translation>Messung {number} vom {when}, {angle}</translation>
        </message>
        <message>
            <source>{count} more</source>
            <translation>{count} weitere</translation>
        </message>
        <message>
            <source>Nothing was lost of which there is any trace.</source>
            <translation>Soweit sich erkennen lässt, ging nichts verloren.</translation>
        </message>
        <message>
            <source>To go on with it: beltline history use-copy '{path}'</source>
            <translation>So geht es damit weiter: beltline history use-copy '{path}'</translation>
        </message>
        <message>
            <source>{day}  {size} MB{flaws}</source>
            <translation>{day}  {size} MB{flaws}</translation>
        </message>
        <message>
            <source>  some of it cannot be read</source>
            <translation>  einiges davon ist nicht lesbar</translation>
        </message>
        <message>
            <source>There is no copy yet: one is made on each day on which something new is kept.</source>
            <translation>Es gibt noch keine Kopie: An jedem Tag, an dem etwas Neues dazukommt, wird eine angelegt.</translation>
        </message>
        <message>
            <source>Put it in the place of the history as it is now? That is kept beside it.</source>
            <translation>Die Kopie an die Stelle des jetzigen Verlaufs setzen? Der jetzige bleibt daneben erhalten.</translation>
        </message>
        <message>
            <source>Everything was left as it is.</source>
            <translation>Alles blieb, wie es war.</translation>
        </message>
        <message>
            <source>The history is now the one of {path}.</source>
            <translation>Der Verlauf ist jetzt der aus {path}.</translation>
        </message>
        <message>
            <source>The one before was kept: {path}</source>
            <translation>Der vorige bleibt erhalten: {path}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>1 Messung</numerusform>
                <numerusform>{count} Messungen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>parts of {count} checks</source>
            <translation>
                <numerusform>Teile von 1 Messung</numerusform>
                <numerusform>Teile von {count} Messungen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>1 Anspannungstest</numerusform>
                <numerusform>{count} Anspannungstests</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} diary entries</source>
            <translation>
                <numerusform>1 Tagebucheintrag</numerusform>
                <numerusform>{count} Tagebucheinträge</numerusform>
            </translation>
        </message>
        <message>
            <source>in order</source>
            <translation>in Ordnung</translation>
        </message>
        <message>
            <source>not there</source>
            <translation>nicht vorhanden</translation>
        </message>
        <message>
            <source>not working</source>
            <translation>nicht in Ordnung</translation>
        </message>
        <message>
            <source>What works here</source>
            <translation>Was hier funktioniert</translation>
        </message>
        <message>
            <source>Each part of Beltline is looked at. Nothing is changed, and nothing is sent anywhere.</source>
            <translation>Jeder Teil von Beltline wird geprüft. Nichts wird geändert, und nichts wird irgendwohin geschickt.</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Messen</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Voice</source>
            <translation>Stimme</translation>
        </message>
        <message>
            <source>Letters</source>
            <translation>Buchstaben</translation>
        </message>
        <message>
            <source>Passwords</source>
            <translation>Passwörter</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>Looking…</source>
            <translation>Wird geprüft…</translation>
        </message>
        <message>
            <source>In order.</source>
            <translation>In Ordnung.</translation>
        </message>
        <message>
            <source>Not there.</source>
            <translation>Nicht vorhanden.</translation>
        </message>
        <message>
            <source>Not working.</source>
            <translation>Nicht in Ordnung.</translation>
        </message>
        <message>
            <source>Look again</source>
            <translation>Noch einmal prüfen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Copy all</source>
            <translation>Alles kopieren</translation>
        </message>
        <message>
            <source>To paste it into a letter to somebody who helps you</source>
            <translation>Zum Einfügen in eine Nachricht an jemanden, der Ihnen hilft</translation>
        </message>
        <message>
            <source>Say something</source>
            <translation>Etwas sagen</translation>
        </message>
        <message>
            <source>This is how Beltline speaks to you.</source>
            <translation>So spricht Beltline mit Ihnen.</translation>
        </message>
        <message>
            <source>Try the camera</source>
            <translation>Kamera ausprobieren</translation>
        </message>
        <message>
            <source>Copy the command</source>
            <translation>Befehl kopieren</translation>
        </message>
        <message>
            <source>Earlier copies…</source>
            <translation>Frühere Kopien…</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.sheet</name>
        <message>
            <source>How to stand for the picture</source>
            <translation>So stehen Sie für das Bild</translation>
        </message>
        <message>
            <source>Beltline measures in a picture from the side how far your pelvis is tilted.</source>
            <translation>Beltline misst auf einem Bild von der Seite, wie weit Ihr Becken gekippt ist.</translation>
        </message>
        <message>
            <source>The picture</source>
            <translation>Das Bild</translation>
        </message>
        <message>
            <source>The camera</source>
            <translation>Die Kamera</translation>
        </message>
        <message>
            <source>At the height of your hips, on something that stands firmly.</source>
            <translation>Auf Hüfthöhe, auf etwas, das fest steht.</translation>
        </message>
        <message>
            <source>Level: not tipped forward or back, not turned to one side.</source>
            <translation>Gerade: nicht nach vorn oder hinten geneigt, nicht zur Seite gedreht.</translation>
        </message>
        <message>
            <source>Three metres away, so that you are in the picture from head to feet.</source>
            <translation>Drei Meter entfernt, sodass Sie von Kopf bis Fuß im Bild sind.</translation>
        </message>
        <message>
            <source>Light from the side of the camera, no bright window behind you.</source>
            <translation>Licht von der Seite, auf der die Kamera steht, kein helles Fenster hinter Ihnen.</translation>
        </message>
        <message>
            <source>Nobody else in the picture; a door frame or the edge of a wall in it helps.</source>
            <translation>Niemand sonst im Bild; ein Türrahmen oder eine Wandkante im Bild hilft.</translation>
        </message>
        <message>
            <source>You</source>
            <translation>Sie</translation>
        </message>
        <message>
            <source>Side-on: the shoulder, hip and foot near the camera hide those on the far side.</source>
            <translation>Von der Seite: Schulter, Hüfte und Fuß auf der Kameraseite verdecken die der anderen Seite.</translation>
        </message>
        <message>
            <source>Clothes that fit closely, the top tucked in, no coat, no bag. Bare feet or flat shoes.</source>
            <translation>Eng anliegende Kleidung, Oberteil in der Hose, kein Mantel, keine Tasche. Barfuß oder flache Schuhe.</translation>
        </message>
        <message>
            <source>Fists on your collar-bones, so that your arms do not hide your hips.</source>
            <translation>Fäuste an den Schlüsselbeinen, damit die Arme die Hüften nicht verdecken.</translation>
        </message>
        <message>
            <source>March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>Fünf Schritte auf der Stelle gehen, locker stehen, geradeaus schauen, ausatmen.</translation>
        </message>
        <message>
            <source>To see a change later: the same clothes, the same arms, the same place.</source>
            <translation>Um später eine Veränderung zu sehen: gleiche Kleidung, gleiche Armhaltung, gleicher Ort.</translation>
        </message>
        <message>
            <source>What is measured</source>
            <translation>Was gemessen wird</translation>
        </message>
        <message>
            <source>The angle between level and the line from the dimple at the back of the hip to the bony bump at its front, seen from the side. Forward means that the front is lower. It comes with a likely range, meant to hold the true angle in 9 of 10 cases.</source>
            <translation>Der Winkel zwischen der Waagerechten und der Linie vom Grübchen hinten zum Knochenpunkt vorn am Becken, von der Seite gesehen. Nach vorn heißt: Vorn liegt tiefer. Dazu kommt ein wahrscheinlicher Bereich, der den wahren Winkel in 9 von 10 Fällen enthalten soll.</translation>
        </message>
        <message>
            <source>What it may mean</source>
            <translation>Was es bedeuten kann</translation>
        </message>
        <message>
            <source>Most healthy young adults stand tilted forward: 85 % of men, 75 % of women. The shape of the bones alone makes 0 to 23°. Most people without pain stand between 3 and 20° forward; no line between healthy and unhealthy has been shown to hold.</source>
            <translation>Die meisten gesunden jungen Erwachsenen stehen mit nach vorn gekipptem Becken: 85 % der Männer, 75 % der Frauen. Allein die Form der Knochen macht 0 bis 23° aus. Bei den meisten Menschen ohne Schmerzen sind es im Stehen 3 bis 20° nach vorn; keine Grenze zwischen gesund und ungesund hat sich als haltbar erwiesen.</translation>
        </message>
        <message>
            <source>Two single pictures that differ by less than 9 or 10° show no real change.</source>
            <translation>Weniger als 9 oder 10° zwischen zwei Einzelbildern sind keine echte Veränderung.</translation>
        </message>
        <message>
            <source>Some physiotherapists read a forward belt line as a sign that the muscles of the buttocks do not switch on reliably, usually after much sitting. That is an observation from practice: no study shows that the tilt proves weak muscles or explains pain.</source>
            <translation>In der Physiotherapie gilt eine nach vorn gekippte Gürtellinie manchen als Zeichen dafür, dass die Gesäßmuskeln nicht zuverlässig anspringen, meist nach vielem Sitzen. Das ist eine Beobachtung aus der Praxis: Keine Studie zeigt, dass die Kippung schwache Muskeln beweist oder Schmerzen erklärt.</translation>
        </message>
        <message>
            <source>Herrington 2011 (n = 120); Preece 2008; Laird 2014.</source>
            <translation>Herrington 2011 (n = 120); Preece 2008; Laird 2014.</translation>
        </message>
        <message>
            <source>The picture stays on the computer that measures it.</source>
            <translation>Das Bild bleibt auf dem Computer, der es misst.</translation>
        </message>
        <message>
            <source>Print how to stand…</source>
            <translation>Anleitung drucken…</translation>
        </message>
        <message>
            <source>One page with drawings, for the wall beside the camera</source>
            <translation>Eine Seite mit Zeichnungen, für die Wand neben der Kamera</translation>
        </message>
        <message>
            <source>One page with drawings: where the camera goes, how to stand, what is measured.</source>
            <translation>Eine Seite mit Zeichnungen: wo die Kamera steht, wie Sie stehen, was gemessen wird.</translation>
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
            <translation>Als PDF speichern…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Save the page</source>
            <translation>Seite speichern</translation>
        </message>
        <message>
            <source>PDF (*.pdf)</source>
            <translation>PDF (*.pdf)</translation>
        </message>
        <message>
            <source>how to stand.pdf</source>
            <translation>So stehen Sie.pdf</translation>
        </message>
        <message>
            <source>The page is saved in {path}.</source>
            <translation>Die Seite ist gespeichert: {path}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.help.tour</name>
        <message>
            <source>The pages</source>
            <translation>Die Seiten</translation>
        </message>
        <message>
            <source>A button for each page of Beltline; Ctrl with its number does the same. At the foot you see whose turn it is.</source>
            <translation>Für jede Seite von Beltline gibt es einen Knopf; Strg mit ihrer Nummer tut dasselbe. Unten sehen Sie, wer gerade dran ist.</translation>
        </message>
        <message>
            <source>How to stand</source>
            <translation>So stehen Sie</translation>
        </message>
        <message>
            <source>Side-on to the camera, three metres away, the camera as high as your hips, fists on your collar-bones. Everything else follows from a good picture.</source>
            <translation>Seitlich zur Kamera, drei Meter entfernt, die Kamera auf Hüfthöhe, die Fäuste an den Schlüsselbeinen. Ein gutes Bild ist die Grundlage für alles Weitere.</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>Messen</translation>
        </message>
        <message>
            <source>Open a photograph, take one here, or let your phone send it. You get an angle, how sure it is, and what to do next. Without a picture of your own, try the sample.</source>
            <translation>Öffnen Sie ein Foto, machen Sie hier eines oder lassen Sie es vom Handy schicken. Sie bekommen einen Winkel, erfahren, wie sicher er ist, und was Sie als Nächstes tun können. Ohne eigenes Bild probieren Sie das Beispiel.</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>Live</translation>
        </message>
        <message>
            <source>Here the camera watches while you turn and stand, tells you aloud what to change, and measures by itself once you stand well.</source>
            <translation>Hier schaut die Kamera zu, während Sie sich drehen und hinstellen, sagt Ihnen laut, was Sie ändern sollen, und misst von selbst, sobald Sie gut stehen.</translation>
        </message>
        <message>
            <source>Exercises</source>
            <translation>Übungen</translation>
        </message>
        <message>
            <source>A short list for today, with pictures. A few questions come first, so that nothing is done that could hurt.</source>
            <translation>Eine kurze Liste für heute, mit Bildern. Vorher kommen ein paar Fragen, damit nichts dabei ist, was schaden könnte.</translation>
        </message>
        <message>
            <source>Sit less</source>
            <translation>Weniger sitzen</translation>
        </message>
        <message>
            <source>A reminder to get up now and then. It waits while you are in a call or show something, and is off until you switch it on.</source>
            <translation>Eine Erinnerung, ab und zu aufzustehen. Sie wartet, während Sie in einem Anruf sind oder etwas vorführen, und ist aus, bis Sie sie einschalten.</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>What you saved, and how it changes. It tells a real change from chance, and makes a report to bring to a physiotherapist.</source>
            <translation>Was Sie gespeichert haben und wie es sich verändert. Hier wird echte Veränderung vom Zufall unterschieden, und Sie können einen Bericht zum Mitnehmen in die Physiotherapie erstellen.</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>Hilfe</translation>
        </message>
        <message>
            <source>This tour, the first questions, a look at what works here and a page to print are all here, and under F1.</source>
            <translation>Dieser Rundgang, die ersten Fragen, die Prüfung, was hier funktioniert, und eine Seite zum Drucken: Das alles finden Sie hier und mit F1.</translation>
        </message>
        <message>
            <source>{n} of {count}</source>
            <translation>{n} von {count}</translation>
        </message>
        <message>
            <source>Tour</source>
            <translation>Rundgang</translation>
        </message>
        <message>
            <source>Leave</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Leave the tour (Esc); it can be taken again from Settings</source>
            <translation>Den Rundgang beenden (Esc); unter „Einstellungen“ lässt er sich wieder starten</translation>
        </message>
        <message>
            <source>Tour…</source>
            <translation>Rundgang…</translation>
        </message>
        <message>
            <source>Two minutes through the window; leave it whenever you like</source>
            <translation>Zwei Minuten durch das Fenster; Sie können jederzeit aufhören</translation>
        </message>
    </context>
    <context>
        <name>app.text.history</name>
        <message>
            <source>from the outline of the body</source>
            <translation>anhand des Körperumrisses</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>anhand des Körperumrisses, mit der eigenen Kalibrierung dieser Person</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>anhand der beiden markierten Knochenpunkte</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>anhand der beiden Klebepunkte</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>anhand der Gürtellinie</translation>
        </message>
        <message>
            <source>Body outline</source>
            <translation>Körperumriss</translation>
        </message>
        <message>
            <source>Calibrated outline</source>
            <translation>Kalibrierter Umriss</translation>
        </message>
        <message>
            <source>Two marked points</source>
            <translation>Zwei markierte Punkte</translation>
        </message>
        <message>
            <source>Two stickers</source>
            <translation>Zwei Klebepunkte</translation>
        </message>
        <message>
            <source>Belt line</source>
            <translation>Gürtellinie</translation>
        </message>
        <message>
            <source>fists on the collar-bones</source>
            <translation>Fäuste an den Schlüsselbeinen</translation>
        </message>
        <message>
            <source>hanging</source>
            <translation>hängend</translation>
        </message>
        <message>
            <source>crossed</source>
            <translation>gekreuzt</translation>
        </message>
        <message>
            <source>stretched forward</source>
            <translation>nach vorn gestreckt</translation>
        </message>
        <message>
            <source>Forward tilt in degrees, backward below 0</source>
            <translation>Kippung nach vorn in Grad, unter 0 nach hinten</translation>
        </message>
        <message>
            <source>Belt line in degrees: front lower above 0, front higher below 0</source>
            <translation>Gürtellinie in Grad: über 0 vorn tiefer, unter 0 vorn höher</translation>
        </message>
        <message>
            <source>usual range of people without pain</source>
            <translation>üblicher Bereich bei Menschen ohne Schmerzen</translation>
        </message>
        <message>
            <source>checked on computer-made bodies</source>
            <translation>geprüft an computererzeugten Körpern</translation>
        </message>
        <message>
            <source>Bars: how far checks differ by chance. Line: all of them together.</source>
            <translation>Balken: wie weit Messungen zufällig voneinander abweichen. Linie: alle zusammen.</translation>
        </message>
        <message>
            <source>No checks yet</source>
            <translation>Noch keine Messungen</translation>
        </message>
        <message>
            <source>Measure a side-on photograph on the Check page and press Save. Your checks then appear here, with how they change over time.</source>
            <translation>Messen Sie auf der Seite „Messen“ ein Foto von der Seite und drücken Sie auf „Speichern“. Dann erscheinen hier Ihre Messungen und wie sie sich mit der Zeit verändern.</translation>
        </message>
        <message>
            <source>No check matches what you chose above.</source>
            <translation>Keine Messung passt zu Ihrer Auswahl oben.</translation>
        </message>
        <message>
            <source>Choose something else, or show all checks again.</source>
            <translation>Wählen Sie etwas anderes oder zeigen Sie wieder alle Messungen.</translation>
        </message>
        <message>
            <source>Since {day}: {change}</source>
            <translation>Seit {day}: {change}</translation>
        </message>
        <message>
            <source>Newest, {when}: {angle}.</source>
            <translation>Neueste, {when}: {angle}.</translation>
        </message>
        <message>
            <source>A second check, taken the same way and in the same clothes, shows whether it changes.</source>
            <translation>Eine zweite Messung, auf dieselbe Weise und in derselben Kleidung, zeigt, ob sich etwas verändert.</translation>
        </message>
        <message>
            <source>No earlier check was measured the same way, so there is nothing to compare it with.</source>
            <translation>Keine frühere Messung wurde auf dieselbe Weise gemacht; es gibt also nichts zum Vergleichen.</translation>
        </message>
        <message>
            <source>no real change.</source>
            <translation>keine echte Veränderung.</translation>
        </message>
        <message>
            <source>Since {when}, {angle}, {why}: {change}</source>
            <translation>Seit {when}, {angle}, {why}: {change}</translation>
        </message>
        <message>
            <source>the last with the same clothes and arms</source>
            <translation>der letzten Messung mit gleicher Kleidung und Armhaltung</translation>
        </message>
        <message>
            <source>the one before it</source>
            <translation>der Messung davor</translation>
        </message>
        <message>
            <source>{change} ({smallest}° or more is one).</source>
            <translation>{change} (sie zählt ab {smallest}°).</translation>
        </message>
        <message>
            <source>no real change ({apart} apart; a real one is {smallest}° or more).</source>
            <translation>keine echte Veränderung (Abstand {apart}; echt ist sie ab {smallest}°).</translation>
        </message>
        <message>
            <source>The forward tilt fell by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>Die Kippung nach vorn nahm von {first} bis {last} um etwa {change}° ab (wahrscheinlich {low} bis {high}°).</translation>
        </message>
        <message>
            <source>The forward tilt rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>Die Kippung nach vorn nahm von {first} bis {last} um etwa {change}° zu (wahrscheinlich {low} bis {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line rose by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>Vorn stieg die Gürtellinie von {first} bis {last} um etwa {change}° (wahrscheinlich {low} bis {high}°).</translation>
        </message>
        <message>
            <source>The front of the belt line sank by about {change}° from {first} to {last} (likely {low} to {high}°).</source>
            <translation>Vorn sank die Gürtellinie von {first} bis {last} um etwa {change}° (wahrscheinlich {low} bis {high}°).</translation>
        </message>
        <message>
            <source>No real change from {first} to {last}: if there is one, it is less than {most}°.</source>
            <translation>Keine echte Veränderung von {first} bis {last}: Wenn es eine gibt, beträgt sie weniger als {most}°.</translation>
        </message>
        <message>
            <source>All {count} checks say this together.</source>
            <translation>Das sagen alle {count} Messungen zusammen.</translation>
        </message>
        <message>
            <source>{count} of {total} checks say this together. The others were taken in other ways, too seldom to show a change.</source>
            <translation>Das sagen {count} von {total} Messungen zusammen. Die übrigen wurden auf andere Weise gemacht, zu selten, um eine Veränderung zu zeigen.</translation>
        </message>
        <message>
            <source>About {count} more checks like these would show a change of {change}°.</source>
            <translation>Etwa {count} weitere Messungen wie diese würden eine Veränderung von {change}° zeigen.</translation>
        </message>
        <message>
            <source>{difference}° further forward, a real change.</source>
            <translation>{difference}° weiter nach vorn, eine echte Veränderung.</translation>
        </message>
        <message>
            <source>{difference}° further backward, a real change.</source>
            <translation>{difference}° weiter nach hinten, eine echte Veränderung.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° lower, a real change.</source>
            <translation>die Gürtellinie ist vorn {difference}° tiefer, eine echte Veränderung.</translation>
        </message>
        <message>
            <source>the front of the belt line is {difference}° higher, a real change.</source>
            <translation>die Gürtellinie ist vorn {difference}° höher, eine echte Veränderung.</translation>
        </message>
        <message>
            <source>The two are the same in whole degrees.</source>
            <translation>Beide sind in ganzen Grad gleich.</translation>
        </message>
        <message>
            <source>The two are {difference}° apart.</source>
            <translation>Zwischen beiden liegen {difference}°.</translation>
        </message>
        <message>
            <source>just under {smallest}</source>
            <translation>knapp {smallest}</translation>
        </message>
        <message>
            <source>Between these two single pictures, less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>Zwischen diesen beiden Einzelbildern sind weniger als {smallest}° keine echte Veränderung: So viel kann allein vom zweimaligen Messen und vom Stehen an einem anderen Tag kommen.</translation>
        </message>
        <message>
            <source>Less than {smallest}° is no real change: so much can come from measuring twice and from standing on another day. Five repeats taken alike each time find your own limit.</source>
            <translation>Weniger als {smallest}° sind keine echte Veränderung: So viel kann allein vom zweimaligen Messen und vom Stehen an einem anderen Tag kommen. Mit je fünf gleich aufgenommenen Wiederholungen finden Sie Ihre eigene Grenze.</translation>
        </message>
        <message>
            <source>By their repeats, less than {smallest}° is no real change, if clothes, arms and camera were the same.</source>
            <translation>Nach den Wiederholungen sind weniger als {smallest}° keine echte Veränderung, wenn Kleidung, Arme und Kamera gleich waren.</translation>
        </message>
        <message>
            <source>These two were measured in different ways ({first}; {second}). The ways can differ by themselves, so no difference is given.</source>
            <translation>Diese beiden wurden auf verschiedene Weise gemessen ({first}; {second}). Schon das kann einen Unterschied machen; deshalb wird keiner angegeben.</translation>
        </message>
        <message>
            <source>A belt line can only be compared in the same clothes, so no difference is given.</source>
            <translation>Eine Gürtellinie lässt sich nur in derselben Kleidung vergleichen; deshalb wird kein Unterschied angegeben.</translation>
        </message>
        <message>
            <source>The clothes differ ({first}; {second}), which can shift the number.</source>
            <translation>Die Kleidung ist verschieden ({first}; {second}); das kann die Zahl verschieben.</translation>
        </message>
        <message>
            <source>The arms differ ({first}; {second}), which can shift the number.</source>
            <translation>Die Armhaltung ist verschieden ({first}; {second}); das kann die Zahl verschieben.</translation>
        </message>
        <message>
            <source>Clothes and arms were not the same, which can shift the number.</source>
            <translation>Kleidung und Armhaltung waren nicht gleich; das kann die Zahl verschieben.</translation>
        </message>
        <message>
            <source>The clothes were not the same, which can shift the number.</source>
            <translation>Die Kleidung war nicht gleich; das kann die Zahl verschieben.</translation>
        </message>
        <message>
            <source>The arms were not in the same place, which can shift the number.</source>
            <translation>Die Armhaltung war nicht gleich; das kann die Zahl verschieben.</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>keine Angabe</translation>
        </message>
        <message>
            <source>{name}, {count} repeats</source>
            <translation>{name}, {count} Wiederholungen</translation>
        </message>
        <message>
            <source>middle of {count} repeats</source>
            <translation>Mitte aus {count} Wiederholungen</translation>
        </message>
        <message>
            <source>Middle (median) of {count} repeats, spread {spread}</source>
            <translation>Mitte (Median) aus {count} Wiederholungen, Streuung {spread}</translation>
        </message>
        <message>
            <source>One stance, measured for some seconds</source>
            <translation>Ein Stand, einige Sekunden lang gemessen</translation>
        </message>
        <message>
            <source>One by one: {angles}</source>
            <translation>Einzeln: {angles}</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>weniger als 1°</translation>
        </message>
        <message>
            <source>Only the numbers of this check were kept, no picture.</source>
            <translation>Von dieser Messung wurden nur die Zahlen gespeichert, kein Bild.</translation>
        </message>
        <message>
            <source>The picture of this check is no longer where it was kept. The numbers are still here; if you have the photograph, check it again to see it.</source>
            <translation>Das Bild dieser Messung ist nicht mehr dort, wo es aufbewahrt wurde. Die Zahlen sind noch da; wenn Sie das Foto haben, messen Sie es neu, um es zu sehen.</translation>
        </message>
        <message>
            <source>The two pictures cannot be laid over each other: ankles and shoulders have to be seen in both, and both pictures have to be kept.</source>
            <translation>Die beiden Bilder lassen sich nicht übereinanderlegen: Auf beiden müssen Knöchel und Schultern zu sehen sein, und beide Bilder müssen aufbewahrt sein.</translation>
        </message>
        <message>
            <source>Clothes changed</source>
            <translation>Kleidung geändert</translation>
        </message>
        <message>
            <source>Arms changed</source>
            <translation>Arme geändert</translation>
        </message>
        <message>
            <source>Note changed</source>
            <translation>Notiz geändert</translation>
        </message>
        <message>
            <source>Date changed</source>
            <translation>Datum geändert</translation>
        </message>
        <message>
            <source>No checks are kept yet. Keep one with: beltline measure --save PHOTO</source>
            <translation>Noch sind keine Messungen gespeichert. So speichern Sie eine: beltline measure --save PHOTO</translation>
        </message>
        <message>
            <source>No check matches.</source>
            <translation>Keine Messung passt.</translation>
        </message>
        <message>
            <source>{profile}, measured {method}: {count}</source>
            <translation>{profile}, gemessen {method}: {count}</translation>
        </message>
        <message numerus="yes">
            <source>{count} checks</source>
            <translation>
                <numerusform>1 Messung</numerusform>
                <numerusform>{count} Messungen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Deleted {count} checks</source>
            <translation>
                <numerusform>1 Messung gelöscht</numerusform>
                <numerusform>{count} Messungen gelöscht</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} new people</source>
            <translation>
                <numerusform>1 neue Person</numerusform>
                <numerusform>{count} neue Personen</numerusform>
            </translation>
        </message>
        <message>
            <source>From the first to the latest: {change}</source>
            <translation>Von der ersten bis zur neuesten: {change}</translation>
        </message>
        <message>
            <source>A second check, taken the same way, shows whether it changes.</source>
            <translation>Eine zweite Messung auf dieselbe Weise zeigt, ob sich etwas verändert.</translation>
        </message>
        <message>
            <source>A second test, done the same way, shows whether it changes.</source>
            <translation>Ein zweiter Test auf dieselbe Weise zeigt, ob sich etwas verändert.</translation>
        </message>
        <message>
            <source>Check {id} of {profile}, {when}</source>
            <translation>Messung {id} von {profile}, {when}</translation>
        </message>
        <message>
            <source>Worn: {garment}</source>
            <translation>Getragen: {garment}</translation>
        </message>
        <message>
            <source>Arms: {arms}</source>
            <translation>Arme: {arms}</translation>
        </message>
        <message>
            <source>Note: {note}</source>
            <translation>Notiz: {note}</translation>
        </message>
        <message>
            <source>Picture: {path}</source>
            <translation>Bild: {path}</translation>
        </message>
        <message>
            <source>The picture is no longer where it was kept: {path}</source>
            <translation>Das Bild ist nicht mehr dort, wo es aufbewahrt wurde: {path}</translation>
        </message>
        <message>
            <source>Only the numbers were kept, no picture.</source>
            <translation>Es wurden nur die Zahlen gespeichert, kein Bild.</translation>
        </message>
        <message>
            <source>These two are checks of different people, so no difference is given.</source>
            <translation>Diese beiden Messungen gehören zu verschiedenen Personen; deshalb wird kein Unterschied angegeben.</translation>
        </message>
        <message>
            <source>Only checks that rest on the same calibration are compared.</source>
            <translation>Verglichen werden nur Messungen, die auf derselben Kalibrierung beruhen.</translation>
        </message>
        <message>
            <source>These two rest on different calibrations, which shift the number by themselves, so no difference is given.</source>
            <translation>Diese beiden beruhen auf verschiedenen Kalibrierungen. Schon das verschiebt die Zahl; deshalb wird kein Unterschied angegeben.</translation>
        </message>
        <message>
            <source>A belt line is compared in the same clothes only, and these two do not say that they are, so no difference is given.</source>
            <translation>Eine Gürtellinie wird nur in derselben Kleidung verglichen. Bei diesen beiden ist nicht angegeben, dass sie gleich ist; deshalb wird kein Unterschied angegeben.</translation>
        </message>
        <message>
            <source>Delete {count} with picture? It can be had back for {days} days</source>
            <translation>{count} mit Bild löschen? Zurückholen ist {days} Tage lang möglich</translation>
        </message>
        <message>
            <source>Delete {count} with picture for good? This cannot be undone</source>
            <translation>{count} mit Bild endgültig löschen? Das lässt sich nicht rückgängig machen</translation>
        </message>
        <message>
            <source>{count} deleted. For {days} days it can be had back: beltline history restore {name}</source>
            <translation>{count} gelöscht. Zurückholen ist {days} Tage lang möglich: beltline history restore {name}</translation>
        </message>
        <message>
            <source>{count} deleted for good.</source>
            <translation>{count} endgültig gelöscht.</translation>
        </message>
        <message>
            <source>Back in the history: {what}.</source>
            <translation>Wieder im Verlauf: {what}.</translation>
        </message>
        <message>
            <source>Nothing was deleted in the last {days} days.</source>
            <translation>In den letzten {days} Tagen wurde nichts gelöscht.</translation>
        </message>
        <message>
            <source>{name}  {when}  {what}</source>
            <translation>{name}  {when}  {what}</translation>
        </message>
        <message>
            <source>Delete all that is in the bin for good? This cannot be undone</source>
            <translation>Alles im Papierkorb endgültig löschen? Das lässt sich nicht rückgängig machen</translation>
        </message>
        <message>
            <source>The bin is empty now.</source>
            <translation>Der Papierkorb ist jetzt leer.</translation>
        </message>
        <message numerus="yes">
            <source>{count} pictures</source>
            <translation>
                <numerusform>1 Bild</numerusform>
                <numerusform>{count} Bilder</numerusform>
            </translation>
        </message>
        <message>
            <source>{checks} and {pictures} written to {path}</source>
            <translation>{checks} und {pictures} geschrieben in {path}</translation>
        </message>
        <message>
            <source>Pictures left out, because it is not known where all heads are in them: {count}.</source>
            <translation>Weggelassene Bilder, bei denen nicht bekannt ist, wo alle Köpfe sind: {count}.</translation>
        </message>
        <message>
            <source>{added} and {pictures} brought back; {duplicates} there already.</source>
            <translation>{added} und {pictures} zurückgeholt; {duplicates} schon vorhanden.</translation>
        </message>
        <message>
            <source>{names} with {what}</source>
            <translation>{names} mit {what}</translation>
        </message>
        <message>
            <source>{what} of {names}</source>
            <translation>{what} von {names}</translation>
        </message>
        <message>
            <source>no checks</source>
            <translation>0 Messungen</translation>
        </message>
        <message numerus="yes">
            <source>{count} notes of exercises, breaks or calibration</source>
            <translation>
                <numerusform>1 Eintrag zu Übungen, Pausen oder Kalibrierung</numerusform>
                <numerusform>{count} Einträge zu Übungen, Pausen oder Kalibrierung</numerusform>
            </translation>
        </message>
        <message>
            <source>{first} and {last}</source>
            <translation>{first} und {last}</translation>
        </message>
        <message>
            <source>Nothing was deleted.</source>
            <translation>Es wurde nichts gelöscht.</translation>
        </message>
        <message>
            <source>{count} written to {path}</source>
            <translation>{count} geschrieben in {path}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}.</source>
            <translation>{added} hinzugefügt, {duplicates} schon vorhanden, {profiles}.</translation>
        </message>
        <message>
            <source>Exercises, breaks, self-checks, answers and calibrations added: {count}</source>
            <translation>Neue Übungen, Pausen, Selbsttests, Antworten und Kalibrierungen: {count}</translation>
        </message>
        <message>
            <source>{added} added, {duplicates} there already, {profiles}, {tests}.</source>
            <translation>{added} hinzugefügt, {duplicates} schon vorhanden, {profiles}, {tests}.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.speaking</name>
        <message>
            <source>Some words of this language are missing, so they are in English.</source>
            <translation>In dieser Sprache fehlen einige Texte; sie erscheinen auf Englisch.</translation>
        </message>
        <message>
            <source>Something is still under way on another page, so the language changes when Beltline is opened again.</source>
            <translation>Auf einer anderen Seite läuft noch etwas; die Sprache wechselt deshalb erst, wenn Beltline neu geöffnet wird.</translation>
        </message>
        <message>
            <source>There is no language '{language}'. Choose one of these: {known}.</source>
            <translation>Die Sprache „{language}“ gibt es nicht. Wählen Sie eine von diesen: {known}.</translation>
        </message>
        <message>
            <source>The file of this language is damaged, so everything is in English.</source>
            <translation>Die Datei dieser Sprache ist beschädigt; deshalb ist alles auf Englisch.</translation>
        </message>
    </context>
    <context>
        <name>app.text.languages.wording</name>
        <message>
            <source>Jan</source>
            <translation>Jan</translation>
        </message>
        <message>
            <source>Feb</source>
            <translation>Feb</translation>
        </message>
        <message>
            <source>Mar</source>
            <translation>Mär</translation>
        </message>
        <message>
            <source>Apr</source>
            <translation>Apr</translation>
        </message>
        <message>
            <source>May</source>
            <translation>Mai</translation>
        </message>
        <message>
            <source>Jun</source>
            <translation>Jun</translation>
        </message>
        <message>
            <source>Jul</source>
            <translation>Jul</translation>
        </message>
        <message>
            <source>Aug</source>
            <translation>Aug</translation>
        </message>
        <message>
            <source>Sep</source>
            <translation>Sep</translation>
        </message>
        <message>
            <source>Oct</source>
            <translation>Okt</translation>
        </message>
        <message>
            <source>Nov</source>
            <translation>Nov</translation>
        </message>
        <message>
            <source>Dec</source>
            <translation>Dez</translation>
        </message>
        <message>
            <source>{day} {month} {year}</source>
            <translation>{day}. {month} {year}</translation>
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
            <translation>Kommen Sie ins Bild</translation>
        </message>
        <message>
            <source>Please step into the picture, side-on. March five steps on the spot, then stand relaxed, look ahead, and breathe out.</source>
            <translation>Bitte kommen Sie ins Bild, seitlich zur Kamera. Gehen Sie fünf Schritte auf der Stelle, dann stehen Sie locker, schauen Sie geradeaus und atmen Sie aus.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>Nur eine Person</translation>
        </message>
        <message>
            <source>Only one person in the picture, please.</source>
            <translation>Bitte nur eine Person im Bild.</translation>
        </message>
        <message>
            <source>Step back</source>
            <translation>Zurücktreten</translation>
        </message>
        <message>
            <source>Please step back until your whole body is in the picture.</source>
            <translation>Bitte treten Sie zurück, bis Ihr ganzer Körper im Bild ist.</translation>
        </message>
        <message>
            <source>Come closer</source>
            <translation>Näher kommen</translation>
        </message>
        <message>
            <source>Please come a little closer to the camera.</source>
            <translation>Bitte kommen Sie etwas näher zur Kamera.</translation>
        </message>
        <message>
            <source>Choose a higher resolution</source>
            <translation>Höhere Auflösung wählen</translation>
        </message>
        <message>
            <source>The picture has too few pixels. Please choose a higher resolution.</source>
            <translation>Das Bild hat zu wenige Pixel. Bitte wählen Sie eine höhere Auflösung.</translation>
        </message>
        <message>
            <source>Move to the middle</source>
            <translation>Zur Mitte rücken</translation>
        </message>
        <message>
            <source>Please move to the middle of the picture.</source>
            <translation>Bitte rücken Sie zur Mitte des Bildes.</translation>
        </message>
        <message>
            <source>Straighten your knees</source>
            <translation>Knie strecken</translation>
        </message>
        <message>
            <source>Please stand relaxed, with both knees straight.</source>
            <translation>Bitte stehen Sie locker, mit beiden Knien gestreckt.</translation>
        </message>
        <message>
            <source>Feet side by side</source>
            <translation>Füße nebeneinander</translation>
        </message>
        <message>
            <source>Please stand with both feet side by side on the floor.</source>
            <translation>Bitte stellen Sie beide Füße nebeneinander auf den Boden.</translation>
        </message>
        <message>
            <source>Turn side-on</source>
            <translation>Seitlich drehen</translation>
        </message>
        <message>
            <source>Please turn until one shoulder points at the camera.</source>
            <translation>Bitte drehen Sie sich, bis eine Schulter zur Kamera zeigt.</translation>
        </message>
        <message>
            <source>Turn to your left</source>
            <translation>Nach links drehen</translation>
        </message>
        <message>
            <source>Please turn a little more to your left.</source>
            <translation>Bitte drehen Sie sich noch etwas nach links.</translation>
        </message>
        <message>
            <source>Turn to your right</source>
            <translation>Nach rechts drehen</translation>
        </message>
        <message>
            <source>Please turn a little more to your right.</source>
            <translation>Bitte drehen Sie sich noch etwas nach rechts.</translation>
        </message>
        <message>
            <source>Fists to your collar-bones</source>
            <translation>Fäuste an die Schlüsselbeine</translation>
        </message>
        <message>
            <source>Please raise your fists to your collar-bones.</source>
            <translation>Bitte heben Sie die Fäuste an die Schlüsselbeine.</translation>
        </message>
        <message>
            <source>Set the camera level</source>
            <translation>Kamera gerade stellen</translation>
        </message>
        <message>
            <source>The camera is tilted. Please set it level.</source>
            <translation>Die Kamera steht schief. Bitte stellen Sie sie gerade.</translation>
        </message>
        <message>
            <source>Turn the camera upright</source>
            <translation>Kamera aufrecht drehen</translation>
        </message>
        <message>
            <source>The picture lies on its side. Please turn the camera upright.</source>
            <translation>Das Bild liegt auf der Seite. Bitte drehen Sie die Kamera aufrecht.</translation>
        </message>
        <message>
            <source>More light, please</source>
            <translation>Bitte mehr Licht</translation>
        </message>
        <message>
            <source>It is too dark. Please turn on more light.</source>
            <translation>Es ist zu dunkel. Bitte machen Sie mehr Licht.</translation>
        </message>
        <message>
            <source>Keep the camera steady</source>
            <translation>Kamera ruhig halten</translation>
        </message>
        <message>
            <source>The picture is blurred. Please rest the camera on something firm.</source>
            <translation>Das Bild ist unscharf. Bitte stellen Sie die Kamera auf etwas Festes.</translation>
        </message>
        <message>
            <source>Stand relaxed and still</source>
            <translation>Locker und still stehen</translation>
        </message>
        <message>
            <source>Stand relaxed and still. Look ahead, and breathe out.</source>
            <translation>Stehen Sie locker und still. Schauen Sie geradeaus und atmen Sie aus.</translation>
        </message>
        <message>
            <source>Hold still</source>
            <translation>Stillhalten</translation>
        </message>
        <message>
            <source>Hold still.</source>
            <translation>Stillhalten.</translation>
        </message>
        <message>
            <source>March five steps</source>
            <translation>Fünf Schritte gehen</translation>
        </message>
        <message>
            <source>Good. Step away, march five steps, and come back. Stand relaxed, look ahead, and breathe out.</source>
            <translation>Gut. Gehen Sie kurz weg, machen Sie fünf Schritte und kommen Sie zurück. Stehen Sie locker, schauen Sie geradeaus und atmen Sie aus.</translation>
        </message>
        <message>
            <source>Relax</source>
            <translation>Locker lassen</translation>
        </message>
        <message>
            <source>Relax.</source>
            <translation>Locker lassen.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks</source>
            <translation>Gesäß anspannen</translation>
        </message>
        <message>
            <source>Squeeze.</source>
            <translation>Anspannen.</translation>
        </message>
        <message>
            <source>Arch: stick your bottom out</source>
            <translation>Po herausstrecken</translation>
        </message>
        <message>
            <source>Arch. Stick your bottom out behind you, knees straight, and hold it.</source>
            <translation>Strecken Sie den Po nach hinten heraus, die Knie gestreckt, und halten Sie die Position.</translation>
        </message>
        <message>
            <source>Tuck: pull your bottom under</source>
            <translation>Po einziehen</translation>
        </message>
        <message>
            <source>Tuck. Pull your bottom under you, knees straight, and hold it.</source>
            <translation>Ziehen Sie den Po unter den Körper ein, die Knie gestreckt, und halten Sie die Position.</translation>
        </message>
        <message>
            <source>Relax: stand as usual</source>
            <translation>Locker: stehen wie sonst</translation>
        </message>
        <message>
            <source>Relax. Stand as you usually do.</source>
            <translation>Locker lassen. Stehen Sie so, wie Sie es sonst tun.</translation>
        </message>
        <message>
            <source>Other way: bottom out</source>
            <translation>Andersherum: Po heraus</translation>
        </message>
        <message>
            <source>That was the wrong way round. Once more: stick your bottom out behind you, and hold it.</source>
            <translation>Das war andersherum. Noch einmal: Strecken Sie den Po nach hinten heraus und halten Sie die Position.</translation>
        </message>
        <message>
            <source>Further: stick your bottom out</source>
            <translation>Weiter: Po herausstrecken</translation>
        </message>
        <message>
            <source>The pelvis hardly moved. Once more: stick your bottom out as far as is comfortable, and hold it.</source>
            <translation>Das Becken hat sich kaum bewegt. Noch einmal: Strecken Sie den Po so weit heraus, wie es angenehm ist, und halten Sie die Position.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Done. Thank you.</source>
            <translation>Fertig. Vielen Dank.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>Das Bild ist schwarz</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>Das Kamerabild ist schwarz. Ist etwas davor?</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>Das Bild steht still</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>Das Kamerabild bewegt sich nicht mehr.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>Kein Bild</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>Die Kamera liefert keine Bilder. Bitte warten Sie.</translation>
        </message>
        <message>
            <source>Good, stay still</source>
            <translation>Gut, so bleiben</translation>
        </message>
        <message>
            <source>Good. Stay still.</source>
            <translation>Gut. Bleiben Sie so.</translation>
        </message>
        <message>
            <source>Looking for you</source>
            <translation>Beltline sucht Sie</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>Noch nicht</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>Bereit</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Wird gemessen</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>Gemessen</translation>
        </message>
        <message>
            <source>Waiting for the camera</source>
            <translation>Warten auf die Kamera</translation>
        </message>
        <message>
            <source>This computer has no safe place for the password, so the camera will ask for it again next time.</source>
            <translation>Dieser Computer hat keinen sicheren Platz für das Passwort; die Kamera wird deshalb beim nächsten Mal wieder danach fragen.</translation>
        </message>
        <message>
            <source>Measure without touching the computer</source>
            <translation>Messen, ohne den Computer zu berühren</translation>
        </message>
        <message>
            <source>Put the camera at the height of your belt, level, 2.5 to 3.5 metres from where you will stand.</source>
            <translation>Stellen Sie die Kamera gerade auf Gürtelhöhe, 2,5 bis 3,5 Meter von der Stelle entfernt, an der Sie stehen werden.</translation>
        </message>
        <message>
            <source>Wear something that fits closely. Stand side-on with your whole body in the picture and your fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, breathe out.</source>
            <translation>Tragen Sie etwas eng Anliegendes. Stehen Sie seitlich, mit dem ganzen Körper im Bild und den Fäusten an den Schlüsselbeinen. Gehen Sie fünf Schritte auf der Stelle, stehen Sie locker, schauen Sie geradeaus, atmen Sie aus.</translation>
        </message>
        <message>
            <source>Large words and a voice tell you what to do. Beltline measures when you stand still. Raise one arm high, or press any key, to stop.</source>
            <translation>Große Schrift und eine Stimme sagen Ihnen, was zu tun ist. Beltline misst, wenn Sie still stehen. Zum Stoppen heben Sie einen Arm hoch oder drücken irgendeine Taste.</translation>
        </message>
        <message>
            <source>The camera is on only while this page is open. Its pictures stay on this computer.</source>
            <translation>Die Kamera ist nur an, solange diese Seite offen ist. Ihre Bilder bleiben auf diesem Computer.</translation>
        </message>
        <message>
            <source>Looking for the camera…</source>
            <translation>Kamera wird gesucht…</translation>
        </message>
        <message>
            <source>Opening the camera…</source>
            <translation>Kamera wird geöffnet…</translation>
        </message>
        <message>
            <source>Paused. The camera is off.</source>
            <translation>Angehalten. Die Kamera ist aus.</translation>
        </message>
        <message>
            <source>You were on another page, so the camera was switched off.</source>
            <translation>Sie waren auf einer anderen Seite; deshalb wurde die Kamera ausgeschaltet.</translation>
        </message>
        <message>
            <source>The screen was locked, so the camera was switched off.</source>
            <translation>Der Bildschirm war gesperrt; deshalb wurde die Kamera ausgeschaltet.</translation>
        </message>
        <message>
            <source>Stopped. Nothing was measured, and the camera is off.</source>
            <translation>Gestoppt. Es wurde nichts gemessen, und die Kamera ist aus.</translation>
        </message>
        <message>
            <source>Stopped before the test was complete. The camera is off.</source>
            <translation>Gestoppt, bevor der Test vollständig war. Die Kamera ist aus.</translation>
        </message>
        <message>
            <source>Measured so far: {taken} of {wanted}. Keep it as a check?</source>
            <translation>Bisher gemessen: {taken} von {wanted}. Als Messung behalten?</translation>
        </message>
        <message>
            <source>Beltline itself failed on the camera's pictures.</source>
            <translation>Bei den Kamerabildern ist in Beltline selbst ein Fehler aufgetreten.</translation>
        </message>
        <message>
            <source>Try again, and please report what happened.</source>
            <translation>Versuchen Sie es noch einmal und melden Sie bitte, was passiert ist.</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Start again</source>
            <translation>Neu beginnen</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Wird gespeichert…</translation>
        </message>
        <message>
            <source>Saved to the history.</source>
            <translation>Im Verlauf gespeichert.</translation>
        </message>
        <message>
            <source>Deleted this check.</source>
            <translation>Diese Messung wurde gelöscht.</translation>
        </message>
        <message>
            <source>Deleted this test.</source>
            <translation>Dieser Test wurde gelöscht.</translation>
        </message>
        <message>
            <source>Nothing was saved.</source>
            <translation>Es wurde nichts gespeichert.</translation>
        </message>
        <message>
            <source>Not kept.</source>
            <translation>Nicht behalten.</translation>
        </message>
        <message>
            <source>This could not be saved.</source>
            <translation>Das konnte nicht gespeichert werden.</translation>
        </message>
        <message>
            <source>Try again; if it fails once more, close Beltline and open it again.</source>
            <translation>Versuchen Sie es noch einmal. Wenn es wieder nicht klappt, schließen Sie Beltline und öffnen Sie es neu.</translation>
        </message>
        <message>
            <source>Estimated tilt of the pelvis</source>
            <translation>Geschätzte Beckenkippung</translation>
        </message>
        <message>
            <source>{taken} of {wanted}</source>
            <translation>{taken} von {wanted}</translation>
        </message>
        <message>
            <source>The middle of {count} measurements, {range} apart: {angles}.</source>
            <translation>Die Mitte aus {count} Messungen, {range} auseinander: {angles}.</translation>
        </message>
        <message>
            <source>The middle of {frames} pictures.</source>
            <translation>Die Mitte aus {frames} Bildern.</translation>
        </message>
        <message numerus="yes">
            <source>{count} degrees</source>
            <translation>
                <numerusform>{count} Grad</numerusform>
                <numerusform>{count} Grad</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Measure {count} times</source>
            <translation>
                <numerusform>Einmal messen</numerusform>
                <numerusform>{count}-mal messen</numerusform>
            </translation>
        </message>
        <message>
            <source>under 1°</source>
            <translation>unter 1°</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>Einzeln: {angles}.</translation>
        </message>
        <message>
            <source>No number this time</source>
            <translation>Diesmal keine Zahl</translation>
        </message>
        <message>
            <source>Done. About {value}, {likely}. You can relax.</source>
            <translation>Fertig. Etwa {value}, {likely}. Sie können locker lassen.</translation>
        </message>
        <message>
            <source>Done. {turned}. You can relax.</source>
            <translation>Fertig. {turned}. Sie können locker lassen.</translation>
        </message>
        <message>
            <source>Done. The measurements differ too much to give one number. Please try again.</source>
            <translation>Fertig. Die Messungen liegen zu weit auseinander, um eine Zahl zu nennen. Bitte versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Gestoppt.</translation>
        </message>
        <message>
            <source>Stopped. Measured so far: {taken}.</source>
            <translation>Gestoppt. Bisher gemessen: {taken}.</translation>
        </message>
        <message>
            <source>Your whole body in the frame, your hips at its two marks.</source>
            <translation>Der ganze Körper im Rahmen, die Hüfte bei den beiden Marken.</translation>
        </message>
        <message>
            <source>Earlier squeeze tests:</source>
            <translation>Frühere Anspannungstests:</translation>
        </message>
        <message>
            <source>This computer has no voice. Beltline plays tones instead.</source>
            <translation>Dieser Computer hat keine Stimme. Beltline spielt stattdessen Töne.</translation>
        </message>
        <message>
            <source>The camera is level.</source>
            <translation>Die Kamera steht gerade.</translation>
        </message>
        <message>
            <source>The camera is turned {roll}° {side}. The number allows for that.</source>
            <translation>Die Kamera ist um {roll}° {side} gedreht. Die Zahl berücksichtigt das.</translation>
        </message>
        <message>
            <source>No upright edges seen, so the camera is taken to be level.</source>
            <translation>Keine senkrechten Kanten zu sehen; es wird angenommen, dass die Kamera gerade steht.</translation>
        </message>
        <message>
            <source>Whether the camera is level shows once you are in the picture.</source>
            <translation>Ob die Kamera gerade steht, zeigt sich, sobald Sie im Bild sind.</translation>
        </message>
        <message>
            <source>clockwise</source>
            <translation>im Uhrzeigersinn</translation>
        </message>
        <message>
            <source>anticlockwise</source>
            <translation>gegen den Uhrzeigersinn</translation>
        </message>
        <message>
            <source>At belt height, 2.5 to 3.5 metres away.</source>
            <translation>Auf Gürtelhöhe, 2,5 bis 3,5 Meter entfernt.</translation>
        </message>
        <message>
            <source>Light from the front or the side.</source>
            <translation>Licht von vorn oder von der Seite.</translation>
        </message>
    </context>
    <context>
        <name>app.text.measurement</name>
        <message>
            <source>from the outline of the body</source>
            <translation>anhand des Körperumrisses</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>anhand des Körperumrisses, mit der eigenen Kalibrierung dieser Person</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>anhand der beiden markierten Knochenpunkte</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>anhand der beiden Klebepunkte</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>anhand der Gürtellinie</translation>
        </message>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>Beltline ist ein Selbsttest für das Wohlbefinden. Es ist kein Medizinprodukt: Für eine Diagnose wenden Sie sich bitte an eine physiotherapeutische Praxis.</translation>
        </message>
        <message>
            <source>The likely range was checked on computer-made bodies, which does not prove it for people.</source>
            <translation>Der wahrscheinliche Bereich wurde an computererzeugten Körpern geprüft; das beweist nicht, dass er für Menschen stimmt.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photograph shows the shape of the bones; changes show much more clearly, and calibrating once narrows it.</source>
            <translation>Der wahrscheinliche Bereich ist breit, weil kein Foto die Form der Knochen zeigt. Veränderungen sind viel deutlicher zu sehen, und eine einmalige Kalibrierung macht ihn schmaler.</translation>
        </message>
        <message>
            <source>Measured {method}.</source>
            <translation>Gemessen {method}.</translation>
        </message>
        <message>
            <source>up to {angle}°</source>
            <translation>bis zu {angle}°</translation>
        </message>
        <message>
            <source>less than 1°</source>
            <translation>weniger als 1°</translation>
        </message>
        <message>
            <source>Also, {method}: {found}.</source>
            <translation>Außerdem {method}: {found}.</translation>
        </message>
        <message>
            <source>The two ways can differ, so compare each only with its own earlier results.</source>
            <translation>Die beiden Methoden können voneinander abweichen; vergleichen Sie jede nur mit ihren eigenen früheren Ergebnissen.</translation>
        </message>
        <message>
            <source>Belt line lower in front by {angle}° (likely {interval})</source>
            <translation>Gürtellinie vorn {angle}° tiefer (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Belt line higher in front by {angle}° (likely {interval})</source>
            <translation>Gürtellinie vorn {angle}° höher (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Belt line level (likely {interval})</source>
            <translation>Gürtellinie waagerecht (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Clothes and belly shift the belt line too, so compare it only in the same clothes.</source>
            <translation>Auch Kleidung und Bauch verschieben die Gürtellinie; vergleichen Sie sie nur in derselben Kleidung.</translation>
        </message>
        <message>
            <source>The belt line cannot be seen:</source>
            <translation>Die Gürtellinie ist nicht zu sehen:</translation>
        </message>
        <message>
            <source>the outline around the waist is unclear.</source>
            <translation>der Umriss an der Taille ist unklar.</translation>
        </message>
        <message>
            <source>an arm is in front of it.</source>
            <translation>ein Arm ist davor.</translation>
        </message>
        <message>
            <source>the clothes are of one colour from top to bottom.</source>
            <translation>die Kleidung ist von oben bis unten einfarbig.</translation>
        </message>
        <message>
            <source>the pattern of the clothes hides it.</source>
            <translation>das Muster der Kleidung verdeckt sie.</translation>
        </message>
        <message>
            <source>the top hangs over it.</source>
            <translation>das Oberteil hängt darüber.</translation>
        </message>
        <message>
            <source>what shows may just as well be the lower edge of the top.</source>
            <translation>was zu sehen ist, kann genauso gut die Unterkante des Oberteils sein.</translation>
        </message>
        <message>
            <source>Estimated {direction} tilt {angle}° (likely {interval})</source>
            <translation>Geschätzte Kippung {direction}: {angle}° (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Estimated tilt 0°, level (likely {interval})</source>
            <translation>Geschätzte Kippung 0°, waagerecht (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>No number: this photograph cannot be measured.</source>
            <translation>Keine Zahl: Dieses Foto lässt sich nicht messen.</translation>
        </message>
        <message>
            <source>No number: nothing could be measured.</source>
            <translation>Keine Zahl: Es ließ sich nichts messen.</translation>
        </message>
        <message>
            <source>The rest of the body (not part of the tilt):</source>
            <translation>Der übrige Körper (gehört nicht zur Kippung):</translation>
        </message>
        <message>
            <source>Upper body</source>
            <translation>Oberkörper</translation>
        </message>
        <message>
            <source>Hips</source>
            <translation>Hüfte</translation>
        </message>
        <message>
            <source>Knees</source>
            <translation>Knie</translation>
        </message>
        <message>
            <source>Head</source>
            <translation>Kopf</translation>
        </message>
        <message>
            <source>not visible</source>
            <translation>nicht zu sehen</translation>
        </message>
        <message>
            <source>leaning forward {value}°</source>
            <translation>nach vorn geneigt {value}°</translation>
        </message>
        <message>
            <source>leaning back {value}°</source>
            <translation>nach hinten geneigt {value}°</translation>
        </message>
        <message>
            <source>upright</source>
            <translation>aufrecht</translation>
        </message>
        <message>
            <source>ahead of the ankles, by {value} % of the leg's length</source>
            <translation>vor den Knöcheln, um {value} % der Beinlänge</translation>
        </message>
        <message>
            <source>behind the ankles, by {value} % of the leg's length</source>
            <translation>hinter den Knöcheln, um {value} % der Beinlänge</translation>
        </message>
        <message>
            <source>right above the ankles</source>
            <translation>genau über den Knöcheln</translation>
        </message>
        <message>
            <source>{value}° (straight)</source>
            <translation>{value}° (gestreckt)</translation>
        </message>
        <message>
            <source>{value}° (bent)</source>
            <translation>{value}° (gebeugt)</translation>
        </message>
        <message>
            <source>{value}° (pushed back beyond straight)</source>
            <translation>{value}° (überstreckt)</translation>
        </message>
        <message>
            <source>{value}° ahead of the shoulders</source>
            <translation>{value}° vor den Schultern</translation>
        </message>
        <message>
            <source>{value}° behind the shoulders</source>
            <translation>{value}° hinter den Schultern</translation>
        </message>
        <message>
            <source>right above the shoulders</source>
            <translation>genau über den Schultern</translation>
        </message>
        <message>
            <source>The hips are ahead of the ankles while the upper body leans back. This way of standing is called sway-back; it is told apart from the tilt because it can look like less of it.</source>
            <translation>Die Hüfte steht vor den Knöcheln, während der Oberkörper nach hinten lehnt. Diese Haltung heißt Sway-back; sie wird von der Kippung unterschieden, weil sie nach weniger Kippung aussehen kann.</translation>
        </message>
        <message>
            <source>Kept in the history as check {number}.</source>
            <translation>Im Verlauf gespeichert als Messung {number}.</translation>
        </message>
        <message>
            <source>Picture with the measurement drawn on it: {path}</source>
            <translation>Bild mit eingezeichneter Messung: {path}</translation>
        </message>
        <message>
            <source>All together, as repeats of one stance</source>
            <translation>Alle zusammen, als Wiederholungen im gleichen Stand</translation>
        </message>
        <message>
            <source>The middle of {count} photographs{left_out}, measured {method}. Their angles lie {range} apart, with a spread of {spread} (standard deviation).</source>
            <translation>Die Mitte aus {count} Fotos{left_out}, gemessen {method}. Die Winkel liegen {range} auseinander, mit einer Streuung von {spread} (Standardabweichung).</translation>
        </message>
        <message>
            <source> (of {given} that were given)</source>
            <translation> (von {given} angegebenen)</translation>
        </message>
        <message>
            <source>The likely range does not become much narrower than that of one photograph: measuring can misjudge the same body in the same direction each time, and more pictures do not cure that.</source>
            <translation>Der wahrscheinliche Bereich wird nicht viel schmaler als bei einem einzelnen Foto: Das Messen kann denselben Körper jedes Mal in derselben Richtung falsch einschätzen, und mehr Bilder beheben das nicht.</translation>
        </message>
        <message>
            <source>No number for these photographs together.</source>
            <translation>Keine Zahl für diese Fotos zusammen.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further forward than the middle. If something was different in it, take it again.</source>
            <translation>{source} fällt heraus: {off}° weiter nach vorn als die Mitte. Wenn dabei etwas anders war, machen Sie das Bild noch einmal.</translation>
        </message>
        <message>
            <source>{source} stands apart: {off}° further backward than the middle. If something was different in it, take it again.</source>
            <translation>{source} fällt heraus: {off}° weiter nach hinten als die Mitte. Wenn dabei etwas anders war, machen Sie das Bild noch einmal.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much your own photographs differ, and from how much a standing pelvis differs from day to day.</source>
            <translation>Kleinste Veränderung, die zählt: {change}°. Zwischen zwei solchen gleich aufgenommenen Serien ist weniger keine echte Veränderung. Die Grenze ergibt sich daraus, wie weit Ihre eigenen Fotos voneinander abweichen und wie sehr ein Becken im Stehen von Tag zu Tag schwankt.</translation>
        </message>
        <message>
            <source>Smallest change that counts: {change}°. Between two such series, taken the same way, less is no real change. It comes from how much measuring the same body twice differs, and from how much a standing pelvis differs from day to day. With {enough} photographs or more it is worked out from your own.</source>
            <translation>Kleinste Veränderung, die zählt: {change}°. Zwischen zwei solchen gleich aufgenommenen Serien ist weniger keine echte Veränderung. Die Grenze ergibt sich daraus, wie weit zwei Messungen desselben Körpers voneinander abweichen und wie sehr ein Becken im Stehen von Tag zu Tag schwankt. Ab {enough} Fotos wird sie aus Ihren eigenen berechnet.</translation>
        </message>
        <message>
            <source>Forward tilt means that the front of the pelvis, the bowl of bone between the hips, sits lower than the back.</source>
            <translation>Nach vorn gekippt heißt: Die Vorderseite des Beckens, der Knochenschale zwischen den Hüften, liegt tiefer als die Rückseite.</translation>
        </message>
        <message>
            <source>Most people without pain stand tilted forward, usually by about 3 to 20°, so one number does not tell good from bad.</source>
            <translation>Bei den meisten Menschen ohne Schmerzen ist das Becken im Stehen nach vorn gekippt, meist um etwa 3 bis 20°; eine Zahl allein unterscheidet also nicht zwischen gut und schlecht.</translation>
        </message>
        <message>
            <source>Compare it with your own earlier pictures, taken the same way and measured the same way; two single pictures less than {smallest}° apart show no real change: so much can come from measuring twice and from standing on another day.</source>
            <translation>Vergleichen Sie sie mit Ihren eigenen früheren Bildern, die gleich aufgenommen und gleich gemessen wurden. Liegen zwischen zwei Einzelbildern weniger als {smallest}°, ist das keine echte Veränderung: So viel kann allein vom zweimaligen Messen und vom Stehen an einem anderen Tag kommen.</translation>
        </message>
        <message>
            <source>Upright lines in the room show that the camera was turned by {roll}°; that is taken out.</source>
            <translation>Senkrechte Linien im Raum zeigen, dass die Kamera um {roll}° gedreht war; das ist herausgerechnet.</translation>
        </message>
        <message>
            <source>If the camera was tilted, the angle is wrong by as much. If a door frame or the edge of a wall is in the picture, give two points on it with --vertical X1 Y1 X2 Y2.</source>
            <translation>Stand die Kamera schief, ist der Winkel um genau so viel falsch. Wenn ein Türrahmen oder eine Wandkante im Bild ist, geben Sie zwei Punkte darauf an: --vertical X1 Y1 X2 Y2.</translation>
        </message>
        <message>
            <source>Beltline itself failed on this photograph.</source>
            <translation>Bei diesem Foto ist in Beltline selbst ein Fehler aufgetreten.</translation>
        </message>
        <message>
            <source>Please report it together with the text on standard error.</source>
            <translation>Bitte melden Sie das zusammen mit dem Text der Standardfehlerausgabe.</translation>
        </message>
        <message>
            <source>Beltline itself failed to draw the overlay.</source>
            <translation>Beim Zeichnen der Messung ist in Beltline selbst ein Fehler aufgetreten.</translation>
        </message>
        <message>
            <source>Beltline itself failed to read the calibration, so none was used.</source>
            <translation>Beim Lesen der Kalibrierung ist in Beltline selbst ein Fehler aufgetreten; es wurde keine verwendet.</translation>
        </message>
        <message>
            <source>Beltline itself failed to keep it in the history.</source>
            <translation>Beim Speichern im Verlauf ist in Beltline selbst ein Fehler aufgetreten.</translation>
        </message>
    </context>
    <context>
        <name>app.text.people</name>
        <message>
            <source>ID {number}</source>
            <translation>Kennung {number}</translation>
        </message>
        <message>
            <source>born {year}</source>
            <translation>geboren {year}</translation>
        </message>
        <message>
            <source>last seen {day}</source>
            <translation>letzter Besuch {day}</translation>
        </message>
        <message>
            <source>not seen yet</source>
            <translation>noch kein Besuch</translation>
        </message>
        <message>
            <source>next check {day}</source>
            <translation>nächste Messung {day}</translation>
        </message>
        <message>
            <source>due since {day}</source>
            <translation>fällig seit {day}</translation>
        </message>
        <message>
            <source>Nobody fits.</source>
            <translation>Niemand passt.</translation>
        </message>
        <message>
            <source>{name}: the next check was planned for {day}.</source>
            <translation>{name}: Die nächste Messung war für den {day} geplant.</translation>
        </message>
        <message numerus="yes">
            <source>{count} more people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>Bei einer weiteren Person ist eine Messung fällig. Die Liste steht in den Einstellungen.</numerusform>
                <numerusform>Bei {count} weiteren Personen ist eine Messung fällig. Die Liste steht in den Einstellungen.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} people are due for a check. Settings lists them.</source>
            <translation>
                <numerusform>Bei einer Person ist eine Messung fällig. Die Liste steht in den Einstellungen.</numerusform>
                <numerusform>Bei {count} Personen ist eine Messung fällig. Die Liste steht in den Einstellungen.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {count} weeks</source>
            <translation>
                <numerusform>In 1 Woche</numerusform>
                <numerusform>In {count} Wochen</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.range_test</name>
        <message>
            <source>Range test</source>
            <translation>Beweglichkeitstest</translation>
        </message>
        <message>
            <source>Range tests</source>
            <translation>Beweglichkeitstests</translation>
        </message>
        <message>
            <source>Result of the range test</source>
            <translation>Ergebnis des Beweglichkeitstests</translation>
        </message>
        <message>
            <source>Earlier range tests:</source>
            <translation>Frühere Beweglichkeitstests:</translation>
        </message>
        <message>
            <source>Tucked</source>
            <translation>Po eingezogen</translation>
        </message>
        <message>
            <source>Relaxed</source>
            <translation>Locker</translation>
        </message>
        <message>
            <source>Arched</source>
            <translation>Po herausgestreckt</translation>
        </message>
        <message>
            <source>Your bottom tucked under, as far as is comfortable.</source>
            <translation>Den Po so weit eingezogen, wie es angenehm ist.</translation>
        </message>
        <message>
            <source>Standing as you usually do.</source>
            <translation>Stehen, wie Sie es sonst tun.</translation>
        </message>
        <message>
            <source>Your bottom stuck out, as far as is comfortable.</source>
            <translation>Den Po so weit herausgestreckt, wie es angenehm ist.</translation>
        </message>
        <message>
            <source>Your pelvis can turn by {range}° (likely {low} to {high}°)</source>
            <translation>Ihr Becken lässt sich um {range}° kippen (wahrscheinlich {low} bis {high}°)</translation>
        </message>
        <message>
            <source>Standing relaxed, it is {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>Im lockeren Stand liegt es bei {place} % des Weges von „Po eingezogen“ bis „Po herausgestreckt“ (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further back than when you tucked: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>Im lockeren Stand war es sogar weiter nach hinten gekippt als mit eingezogenem Po: {place} % des Weges von „Po eingezogen“ bis „Po herausgestreckt“ (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Standing relaxed, it was tilted even further forward than when you arched: {place} % of the way from tucked to arched (likely {interval})</source>
            <translation>Im lockeren Stand war es sogar weiter nach vorn gekippt als mit herausgestrecktem Po: {place} % des Weges von „Po eingezogen“ bis „Po herausgestreckt“ (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Tucked: {tucked}. Relaxed: {relaxed}. Arched: {arched}.</source>
            <translation>Po eingezogen: {tucked}. Locker: {relaxed}. Po herausgestreckt: {arched}.</translation>
        </message>
        <message>
            <source>Middle of {count} rounds.</source>
            <translation>Mitte aus {count} Runden.</translation>
        </message>
        <message>
            <source>0 % is as far tucked as you went, 100 % as far arched. Both numbers are surer than one angle by itself: the shape of your bones, which no camera sees, does not change them.</source>
            <translation>0 % heißt so weit eingezogen, wie Sie gekommen sind, 100 % so weit herausgestreckt. Beide Zahlen sind sicherer als ein einzelner Winkel: Die Form Ihrer Knochen, die keine Kamera sieht, ändert sie nicht.</translation>
        </message>
        <message>
            <source>No place is the right one, and this is no test of strength or health. Compare it with your own later tests, in similar clothes. If something troubles you, ask a physiotherapist.</source>
            <translation>Eine richtige Stelle gibt es nicht, und dies ist kein Test auf Kraft oder Gesundheit. Vergleichen Sie nur mit Ihren eigenen späteren Tests, in ähnlicher Kleidung. Wenn Sie etwas beunruhigt, fragen Sie in der Physiotherapie.</translation>
        </message>
        <message>
            <source>How far you could turn your pelvis, and where you stood in between: 0 % is as far tucked as you went, 100 % as far arched. No place is the right one.</source>
            <translation>Wie weit Sie das Becken kippen konnten und wo Sie dazwischen standen: 0 % heißt so weit eingezogen, wie Sie gekommen sind, 100 % so weit herausgestreckt. Eine richtige Stelle gibt es nicht.</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high}), relaxed at {place} % ({interval})</source>
            <translation>{range}° ({low} bis {high}), locker bei {place} % ({interval})</translation>
        </message>
        <message>
            <source>{range}° ({low} to {high})</source>
            <translation>{range}° ({low} bis {high})</translation>
        </message>
        <message>
            <source>{place} % ({interval})</source>
            <translation>{place} % ({interval})</translation>
        </message>
        <message>
            <source>Done. Your pelvis can turn by {range} degrees. Relaxed, it is at {place} per cent.</source>
            <translation>Fertig. Ihr Becken lässt sich um {range} Grad kippen. Im lockeren Stand liegt es bei {place} Prozent.</translation>
        </message>
        <message>
            <source>Done. {message} {fix}</source>
            <translation>Fertig. {message} {fix}</translation>
        </message>
        <message>
            <source>No range this time</source>
            <translation>Diesmal kein Ergebnis</translation>
        </message>
        <message>
            <source>Newest, {when}: {brief}</source>
            <translation>Neuester, {when}: {brief}</translation>
        </message>
        <message>
            <source>Range tests ({count})</source>
            <translation>Beweglichkeitstests ({count})</translation>
        </message>
        <message>
            <source>{low} to {high} %</source>
            <translation>{low} bis {high} %</translation>
        </message>
        <message numerus="yes">
            <source>{count} range tests</source>
            <translation>
                <numerusform>1 Beweglichkeitstest</numerusform>
                <numerusform>{count} Beweglichkeitstests</numerusform>
            </translation>
        </message>
        <message>
            <source>Newest range test, {when}: the pelvis turned by {range}° (likely {low} to {high}°) between tucked and arched; relaxed standing lay at {place} % of the way (likely {interval}). The person's own range: the shape of the bones drops out of it. {change}</source>
            <translation>Neuester Beweglichkeitstest, {when}: Zwischen eingezogenem und herausgestrecktem Po kippte das Becken um {range}° (wahrscheinlich {low} bis {high}°); der lockere Stand lag bei {place} % des Weges (wahrscheinlich {interval}). Es ist die eigene Beweglichkeit der Person: Die Form der Knochen fällt dabei heraus. {change}</translation>
        </message>
        <message>
            <source>Range test {number}: {brief}, {source}</source>
            <translation>Beweglichkeitstest {number}: {brief}, {source}</translation>
        </message>
        <message>
            <source>{profile}, range tests measured {method}: {count}</source>
            <translation>{profile}, Beweglichkeitstests gemessen {method}: {count}</translation>
        </message>
        <message>
            <source>in front of a camera</source>
            <translation>vor einer Kamera</translation>
        </message>
        <message>
            <source>from photographs</source>
            <translation>aus Fotos</translation>
        </message>
        <message>
            <source>Since the first one measured this way, {when}: {range} {place}</source>
            <translation>Seit dem ersten so gemessenen Test, {when}: {range} {place}</translation>
        </message>
        <message>
            <source>The range is {size}° wider.</source>
            <translation>Die Beweglichkeit ist {size}° größer.</translation>
        </message>
        <message>
            <source>The range is {size}° narrower.</source>
            <translation>Die Beweglichkeit ist {size}° kleiner.</translation>
        </message>
        <message>
            <source>No real change of the range (under {least}°).</source>
            <translation>Keine echte Veränderung der Beweglichkeit (unter {least}°).</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards arched.</source>
            <translation>Der lockere Stand rückte {size} % in Richtung „Po herausgestreckt“.</translation>
        </message>
        <message>
            <source>Relaxed standing moved {size} % towards tucked.</source>
            <translation>Der lockere Stand rückte {size} % in Richtung „Po eingezogen“.</translation>
        </message>
        <message>
            <source>No real change of the place in it (under {least} %).</source>
            <translation>Keine echte Veränderung der Stelle darin (unter {least} %).</translation>
        </message>
        <message>
            <source>From three photographs</source>
            <translation>Aus drei Fotos</translation>
        </message>
        <message>
            <source>Choose one side-on picture of each position: same day, same clothes, fists on your collar-bones, camera level at belt height.</source>
            <translation>Wählen Sie zu jeder Position ein Bild von der Seite: vom selben Tag, in derselben Kleidung, Fäuste an den Schlüsselbeinen, Kamera gerade und auf Gürtelhöhe.</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Wählen…</translation>
        </message>
        <message>
            <source>no picture yet</source>
            <translation>noch kein Bild</translation>
        </message>
        <message>
            <source>Work it out</source>
            <translation>Berechnen</translation>
        </message>
        <message>
            <source>Measuring the three pictures…</source>
            <translation>Die drei Bilder werden gemessen…</translation>
        </message>
        <message>
            <source>Beltline itself failed on these pictures. Please report what happened.</source>
            <translation>Bei diesen Bildern ist in Beltline selbst ein Fehler aufgetreten. Bitte melden Sie, was passiert ist.</translation>
        </message>
        <message>
            <source>Kept in the history as range test {number}.</source>
            <translation>Im Verlauf gespeichert als Beweglichkeitstest {number}.</translation>
        </message>
        <message>
            <source>Where you stand relaxed between tucked and arched</source>
            <translation>Wo Sie locker stehen, zwischen eingezogenem und herausgestrecktem Po</translation>
        </message>
    </context>
    <context>
        <name>app.text.report</name>
        <message>
            <source>Forward tilt of the pelvis, seen from the side</source>
            <translation>Kippung des Beckens nach vorn, von der Seite gesehen</translation>
        </message>
        <message>
            <source>Angle of the belt line, seen from the side</source>
            <translation>Winkel der Gürtellinie, von der Seite gesehen</translation>
        </message>
        <message>
            <source>{title}: {name}</source>
            <translation>{title}: {name}</translation>
        </message>
        <message>
            <source>One check, of {day}</source>
            <translation>Eine Messung vom {day}</translation>
        </message>
        <message>
            <source>{count} checks, all of {day}</source>
            <translation>{count} Messungen, alle vom {day}</translation>
        </message>
        <message>
            <source>{count} checks, {first} to {last}</source>
            <translation>{count} Messungen, {first} bis {last}</translation>
        </message>
        <message>
            <source>{count} checks, up to {last}</source>
            <translation>{count} Messungen, bis {last}</translation>
        </message>
        <message>
            <source>ID {number}</source>
            <translation>Kennung {number}</translation>
        </message>
        <message>
            <source>born {year}</source>
            <translation>geboren {year}</translation>
        </message>
        <message>
            <source>Newest check, {when}</source>
            <translation>Neueste Messung, {when}</translation>
        </message>
        <message>
            <source>{when}: {angle}, {method}</source>
            <translation>{when}: {angle}, {method}</translation>
        </message>
        <message>
            <source>Only the numbers of the newest check were kept, so there is no picture of it.</source>
            <translation>Von der neuesten Messung wurden nur die Zahlen gespeichert; deshalb gibt es kein Bild davon.</translation>
        </message>
        <message>
            <source>The picture of the newest check is no longer where it was kept.</source>
            <translation>Das Bild der neuesten Messung ist nicht mehr dort, wo es aufbewahrt wurde.</translation>
        </message>
        <message>
            <source>The picture of the newest check is damaged and cannot be shown.</source>
            <translation>Das Bild der neuesten Messung ist beschädigt und kann nicht gezeigt werden.</translation>
        </message>
        <message>
            <source>The head could not be found in the picture of the newest check, so the picture is left out.</source>
            <translation>Auf dem Bild der neuesten Messung war der Kopf nicht zu finden; deshalb wurde das Bild weggelassen.</translation>
        </message>
        <message>
            <source>From {earlier} to {newest}: {change}</source>
            <translation>Von {earlier} bis {newest}: {change}</translation>
        </message>
        <message>
            <source>Angle over time, {method}</source>
            <translation>Winkel im Lauf der Zeit, {method}</translation>
        </message>
        <message>
            <source>degrees, forward above 0</source>
            <translation>Grad, nach vorn über 0</translation>
        </message>
        <message>
            <source>degrees, front lower above 0</source>
            <translation>Grad, vorn tiefer über 0</translation>
        </message>
        <message>
            <source>Each point is a check; its bar shows how far the next may differ by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>Jeder Punkt ist eine Messung; sein Balken zeigt, wie weit die nächste zufällig abweichen kann. Der wahrscheinliche Bereich eines einzelnen Winkels ist breiter: Er enthält die Form der Knochen, die gleich bleibt.</translation>
        </message>
        <message>
            <source>There are {count} checks: each point is the middle of about {each} in a row; its bar shows how far one check may differ from the next by chance. The likely range of one angle is wider: it includes the shape of the bones, which stays the same.</source>
            <translation>Es gibt {count} Messungen: Jeder Punkt ist die Mitte aus etwa {each} aufeinanderfolgenden; sein Balken zeigt, wie weit eine Messung zufällig von der nächsten abweichen kann. Der wahrscheinliche Bereich eines einzelnen Winkels ist breiter: Er enthält die Form der Knochen, die gleich bleibt.</translation>
        </message>
        <message>
            <source>Shaded: 3 to 20° (middle 11°, dashed), the range in which most people without pain stand.</source>
            <translation>Schattiert: 3 bis 20° (Mitte 11°, gestrichelt), der Bereich, in dem die meisten Menschen ohne Schmerzen stehen.</translation>
        </message>
        <message>
            <source>There is no usual range for a belt line: the cut of the clothes shifts it.</source>
            <translation>Für eine Gürtellinie gibt es keinen üblichen Bereich: Der Schnitt der Kleidung verschiebt sie.</translation>
        </message>
        <message>
            <source>None of the checks was measured {method}, so there is no line over time.</source>
            <translation>Keine der Messungen wurde {method} gemacht; deshalb gibt es keine Linie im Lauf der Zeit.</translation>
        </message>
        <message>
            <source>Checks, newest first</source>
            <translation>Messungen, neueste zuerst</translation>
        </message>
        <message>
            <source>The newest {shown} of {total} checks</source>
            <translation>Die neuesten {shown} von {total} Messungen</translation>
        </message>
        <message numerus="yes">
            <source>{count} older checks are not listed here.</source>
            <translation>
                <numerusform>Eine ältere Messung ist hier nicht aufgeführt.</numerusform>
                <numerusform>{count} ältere Messungen sind hier nicht aufgeführt.</numerusform>
            </translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Angle (likely range)</source>
            <translation>Winkel (wahrscheinlich)</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>Methode</translation>
        </message>
        <message>
            <source>Clothes</source>
            <translation>Kleidung</translation>
        </message>
        <message>
            <source>Arms</source>
            <translation>Arme</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>front {angle}° lower ({interval})</source>
            <translation>vorn {angle}° tiefer ({interval})</translation>
        </message>
        <message>
            <source>front {angle}° higher ({interval})</source>
            <translation>vorn {angle}° höher ({interval})</translation>
        </message>
        <message>
            <source>0° level ({interval})</source>
            <translation>0° waagerecht ({interval})</translation>
        </message>
        <message>
            <source>body outline</source>
            <translation>Körperumriss</translation>
        </message>
        <message>
            <source>calibrated outline</source>
            <translation>kalibrierter Umriss</translation>
        </message>
        <message>
            <source>marked points</source>
            <translation>markierte Punkte</translation>
        </message>
        <message>
            <source>stickers</source>
            <translation>Klebepunkte</translation>
        </message>
        <message>
            <source>belt line</source>
            <translation>Gürtellinie</translation>
        </message>
        <message>
            <source>The rest of the body</source>
            <translation>Der übrige Körper</translation>
        </message>
        <message>
            <source>From the check of {day}. These numbers are not part of the tilt.</source>
            <translation>Aus der Messung vom {day}. Diese Zahlen gehören nicht zur Kippung.</translation>
        </message>
        <message>
            <source>How the pictures were taken</source>
            <translation>Wie die Bilder aufgenommen wurden</translation>
        </message>
        <message>
            <source>How the picture was taken</source>
            <translation>Wie das Bild aufgenommen wurde</translation>
        </message>
        <message>
            <source>Side-on</source>
            <translation>Seitenansicht</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Points</source>
            <translation>Punkte</translation>
        </message>
        <message>
            <source>Noticed</source>
            <translation>Aufgefallen</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>keine Angabe</translation>
        </message>
        <message>
            <source>off by about {yaw}°</source>
            <translation>Abweichung etwa {yaw}°</translation>
        </message>
        <message>
            <source>assumed to be level</source>
            <translation>als gerade angenommen</translation>
        </message>
        <message>
            <source>level, by a plumb line that a person marked</source>
            <translation>gerade, nach einem von einer Person markierten Lot</translation>
        </message>
        <message>
            <source>level, by upright lines in the room</source>
            <translation>gerade, nach senkrechten Linien im Raum</translation>
        </message>
        <message>
            <source>turned by {roll}°, by a plumb line that a person marked; taken out</source>
            <translation>um {roll}° gedreht, nach einem von einer Person markierten Lot; herausgerechnet</translation>
        </message>
        <message>
            <source>turned by {roll}°, by upright lines in the room; taken out</source>
            <translation>um {roll}° gedreht, nach senkrechten Linien im Raum; herausgerechnet</translation>
        </message>
        <message>
            <source>placed by a person</source>
            <translation>von einer Person gesetzt</translation>
        </message>
        <message>
            <source>suggested by the program, then moved by a person</source>
            <translation>vom Programm vorgeschlagen, dann von einer Person verschoben</translation>
        </message>
        <message>
            <source>suggested by the program, left in place by a person</source>
            <translation>vom Programm vorgeschlagen, von einer Person so belassen</translation>
        </message>
        <message>
            <source>nothing that would widen the range</source>
            <translation>nichts, was den Bereich breiter machen würde</translation>
        </message>
        <message>
            <source>How far this can be trusted</source>
            <translation>Wie weit dem zu trauen ist</translation>
        </message>
        <message>
            <source>Every angle is an estimate with a likely range, meant to hold the true angle in 9 of 10 cases. Compare angles only if method, clothes and arms were the same.</source>
            <translation>Jeder Winkel ist eine Schätzung mit einem wahrscheinlichen Bereich, der den wahren Winkel in 9 von 10 Fällen enthalten soll. Vergleichen Sie Winkel nur, wenn Methode, Kleidung und Armhaltung gleich waren.</translation>
        </message>
        <message>
            <source>Pelvic tilt here is the angle between the line from PSIS (the dimple at the back) to ASIS (the bony point at the front) and the horizontal, seen from the side; forward means ASIS lower. It is not the pelvic tilt of X-ray pictures.</source>
            <translation>Beckenkippung meint hier den Winkel zwischen der Linie von der SIPS (Grübchen hinten) zur SIAS (Knochenpunkt vorn) und der Waagerechten, von der Seite gesehen; nach vorn heißt: SIAS tiefer. Gemeint ist nicht die Beckenkippung (Pelvic Tilt) aus Röntgenbildern.</translation>
        </message>
        <message>
            <source>The likely range of one angle holds what no picture shows of the bones (SD 4.5°); a change leaves that out. What counts as a change follows from how one body reads twice (SD 2.7°, computer-made bodies) and stands from day to day (SD 1.6°), or from a person's own series of five. By hand with an inclinometer the standard error is about 1° by one examiner (Herrington 2011) and up to 3.6° over clothes (Hagins).</source>
            <translation>Der wahrscheinliche Bereich eines einzelnen Winkels enthält, was kein Bild von den Knochen zeigt (SD 4,5°); bei einer Veränderung entfällt das. Was als Veränderung zählt, ergibt sich daraus, wie weit zwei Messungen eines Körpers voneinander abweichen (SD 2,7°, computererzeugte Körper) und wie sehr der Stand von Tag zu Tag schwankt (SD 1,6°), oder aus einer eigenen Fünferserie der Person. Von Hand mit einem Inklinometer beträgt der Standardfehler etwa 1° bei einer untersuchenden Person (Herrington 2011) und bis zu 3,6° über der Kleidung (Hagins).</translation>
        </message>
        <message>
            <source>Measured from the body outline, the range was checked on computer-made bodies, which does not prove accuracy on people. No published method measures an adult's pelvic tilt from a clothed photograph without marks; clinical validity is not claimed.</source>
            <translation>Bei Messungen anhand des Körperumrisses wurde der Bereich an computererzeugten Körpern geprüft; das beweist keine Genauigkeit bei Menschen. Keine veröffentlichte Methode misst die Beckenkippung Erwachsener ohne Markierungen auf einem Foto mit Kleidung; klinische Validität wird nicht beansprucht.</translation>
        </message>
        <message>
            <source>Of healthy young adults 85 % of men and 75 % of women stand tilted forward (Herrington 2011, n = 120). Bone shape alone spans 0 to 23° in pelves held still (Preece 2008; mean 13°, SD 5°). No limit between healthy and unhealthy has been validated, and no study shows that the tilt explains pain or tells how strong a muscle is (Laird 2014).</source>
            <translation>Von gesunden jungen Erwachsenen stehen 85 % der Männer und 75 % der Frauen mit nach vorn gekipptem Becken (Herrington 2011, n = 120). Allein die Knochenform macht bei fest eingespannten Becken 0 bis 23° aus (Preece 2008; Mittel 13°, SD 5°). Eine Grenze zwischen gesund und ungesund ist nicht validiert, und keine Studie zeigt, dass die Kippung Schmerzen erklärt oder verrät, wie stark ein Muskel ist (Laird 2014).</translation>
        </message>
        <message>
            <source>Made by Beltline {version}.</source>
            <translation>Erstellt mit Beltline {version}.</translation>
        </message>
        <message>
            <source>The newest check was measured by Beltline {version}; pose model {pose}, outline model {contour} (starts of SHA-256).</source>
            <translation>Die neueste Messung stammt von Beltline {version}; Posenmodell {pose}, Umrissmodell {contour} (Anfänge von SHA-256).</translation>
        </message>
        <message>
            <source>The checks were measured by versions {versions}.</source>
            <translation>Die Messungen stammen von den Versionen {versions}.</translation>
        </message>
        <message>
            <source>{sign} stands for a letter that no font of this computer holds.</source>
            <translation>{sign} steht für einen Buchstaben, den keine Schrift dieses Computers enthält.</translation>
        </message>
        <message>
            <source>No font on this computer holds these letters, so the report shows boxes for them: {letters}. Install a font for them, such as one of Google's Noto fonts, and make the report again.</source>
            <translation>Keine Schrift auf diesem Computer enthält diese Buchstaben; der Bericht zeigt dafür Kästchen: {letters}. Installieren Sie eine Schrift dafür, zum Beispiel eine der Noto-Schriften von Google, und erstellen Sie den Bericht neu.</translation>
        </message>
        <message>
            <source>and more</source>
            <translation>und weitere</translation>
        </message>
        <message>
            <source>Estimates with their likely ranges, not a verdict. {name}</source>
            <translation>Schätzungen mit wahrscheinlichem Bereich, kein Urteil. {name}</translation>
        </message>
        <message>
            <source>Page {page} of {pages}</source>
            <translation>Seite {page} von {pages}</translation>
        </message>
        <message>
            <source>'{name}' has no saved checks yet, so there is nothing to report.</source>
            <translation>Zu „{name}“ gibt es noch keine gespeicherten Messungen, also nichts zu berichten.</translation>
        </message>
        <message>
            <source>Save a check first, then make the report.</source>
            <translation>Speichern Sie erst eine Messung und erstellen Sie dann den Bericht.</translation>
        </message>
        <message>
            <source>'{name}' has no check that was measured {method}.</source>
            <translation>Zu „{name}“ gibt es keine Messung {method}.</translation>
        </message>
        <message>
            <source>Choose another method, or make a report about all checks.</source>
            <translation>Wählen Sie eine andere Methode oder erstellen Sie einen Bericht über alle Messungen.</translation>
        </message>
        <message>
            <source>The report cannot be written to '{out}': {why}.</source>
            <translation>Der Bericht kann nicht in „{out}“ geschrieben werden: {why}.</translation>
        </message>
        <message>
            <source>Choose a name in a folder that exists and that you may write to, with room on its disk.</source>
            <translation>Wählen Sie einen Namen in einem vorhandenen Ordner, in den Sie schreiben dürfen und auf dessen Datenträger Platz ist.</translation>
        </message>
        <message>
            <source>its name does not end in .pdf</source>
            <translation>der Name endet nicht auf .pdf</translation>
        </message>
        <message>
            <source>Give a file name that ends in .pdf.</source>
            <translation>Geben Sie einen Dateinamen an, der auf .pdf endet.</translation>
        </message>
        <message>
            <source>its folder does not exist</source>
            <translation>den Ordner gibt es nicht</translation>
        </message>
        <message>
            <source>the file that is there is read-only</source>
            <translation>die vorhandene Datei ist schreibgeschützt</translation>
        </message>
        <message>
            <source>a folder has this name</source>
            <translation>ein Ordner heißt schon so</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.forms</name>
        <message>
            <source>Measured {method}.</source>
            <translation>Gemessen {method}.</translation>
        </message>
        <message>
            <source>from the outline of the body</source>
            <translation>anhand des Körperumrisses</translation>
        </message>
        <message>
            <source>from the outline of the body, with this person's own calibration</source>
            <translation>anhand des Körperumrisses, mit der eigenen Kalibrierung dieser Person</translation>
        </message>
        <message>
            <source>from the two bony points that were marked</source>
            <translation>anhand der beiden markierten Knochenpunkte</translation>
        </message>
        <message>
            <source>from the two stickers</source>
            <translation>anhand der beiden Klebepunkte</translation>
        </message>
        <message>
            <source>from the line of the belt</source>
            <translation>anhand der Gürtellinie</translation>
        </message>
        <message>
            <source>A FHIR bundle needs more packages.</source>
            <translation>Ein FHIR-Bundle braucht weitere Pakete.</translation>
        </message>
        <message>
            <source>Where Beltline was installed with Python, install them with: pip install 'beltline[study]'</source>
            <translation>Wo Beltline mit Python installiert wurde, installieren Sie sie mit: pip install 'beltline[study]'</translation>
        </message>
        <message>
            <source>There is no export '{kind}'.</source>
            <translation>Den Export „{kind}“ gibt es nicht.</translation>
        </message>
        <message>
            <source>'{path}' is there already, so nothing was written.</source>
            <translation>„{path}“ gibt es schon; es wurde nichts geschrieben.</translation>
        </message>
        <message>
            <source>Choose another folder, or add --replace.</source>
            <translation>Wählen Sie einen anderen Ordner oder ergänzen Sie --replace.</translation>
        </message>
        <message>
            <source>The export cannot be written to '{folder}': {why}.</source>
            <translation>Der Export kann nicht in „{folder}“ geschrieben werden: {why}.</translation>
        </message>
        <message>
            <source>Choose a folder that you may write to and that has room.</source>
            <translation>Wählen Sie einen Ordner, in den Sie schreiben dürfen und der Platz hat.</translation>
        </message>
        <message>
            <source>Estimated from a photograph, for research: context, not a verdict. Bone shape alone spans 0 to 23 degrees in pelves held still, most people without pain stand tilted forward, and no limit between healthy and unhealthy has been shown to hold. Compare it only with results of the same person by the same method. Where a time is told, it is when the picture was looked at, not when it was taken.</source>
            <translation>Aus einem Foto geschätzt, für die Forschung: zur Einordnung, kein Urteil. Allein die Knochenform macht bei fest eingespannten Becken 0 bis 23 Grad aus, die meisten Menschen ohne Schmerzen stehen mit nach vorn gekipptem Becken, und keine Grenze zwischen gesund und ungesund hat sich als haltbar erwiesen. Nur mit Ergebnissen derselben Person nach derselben Methode vergleichen. Wo eine Zeit angegeben ist, sagt sie, wann das Bild betrachtet wurde, nicht, wann es aufgenommen wurde.</translation>
        </message>
        <message>
            <source>Pelvic tilt standing, from a side-on photograph; forward (front lower) is positive</source>
            <translation>Beckenkippung im Stehen, aus einem Foto von der Seite; nach vorn (vorn tiefer) ist positiv</translation>
        </message>
        <message>
            <source>Slope of the belt line, from a side-on photograph; front lower is positive</source>
            <translation>Neigung der Gürtellinie, aus einem Foto von der Seite; vorn tiefer ist positiv</translation>
        </message>
        <message>
            <source>The rater could not tell the two bony points.</source>
            <translation>Die bewertende Person konnte die beiden Knochenpunkte nicht erkennen.</translation>
        </message>
        <message>
            <source>The photograph was refused.</source>
            <translation>Das Foto wurde abgelehnt.</translation>
        </message>
        <message>
            <source>The photograph could not be read.</source>
            <translation>Das Foto konnte nicht gelesen werden.</translation>
        </message>
        <message>
            <source>There is no number, and the study does not say why.</source>
            <translation>Es gibt keine Zahl, und die Studie sagt nicht, warum.</translation>
        </message>
        <message>
            <source>Beltline's own codes for pelvic tilt in photographs</source>
            <translation>Beltlines eigene Codes für Beckenkippung auf Fotos</translation>
        </message>
        <message>
            <source>Software that estimates pelvic tilt from photographs</source>
            <translation>Software, die die Beckenkippung aus Fotos schätzt</translation>
        </message>
        <message>
            <source>No</source>
            <translation>Nein</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>Teilweise</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>Deutlich</translation>
        </message>
        <message>
            <source>The belt line is not seen</source>
            <translation>Die Gürtellinie ist nicht zu sehen</translation>
        </message>
        <message>
            <source>The belt line is partly seen</source>
            <translation>Die Gürtellinie ist teilweise zu sehen</translation>
        </message>
        <message>
            <source>The belt line is clearly seen</source>
            <translation>Die Gürtellinie ist deutlich zu sehen</translation>
        </message>
        <message>
            <source>Both points marked</source>
            <translation>Beide Punkte markiert</translation>
        </message>
        <message>
            <source>Points cannot be told</source>
            <translation>Punkte nicht zu erkennen</translation>
        </message>
        <message>
            <source>Not yet rated</source>
            <translation>Noch nicht bewertet</translation>
        </message>
        <message>
            <source>Measured</source>
            <translation>Gemessen</translation>
        </message>
        <message>
            <source>Photograph refused</source>
            <translation>Foto abgelehnt</translation>
        </message>
        <message>
            <source>Photograph not readable</source>
            <translation>Foto nicht lesbar</translation>
        </message>
    </context>
    <context>
        <name>app.text.research.rating</name>
        <message>
            <source>Studies</source>
            <translation>Studien</translation>
        </message>
        <message>
            <source>Choose the folder that was given to you</source>
            <translation>Den Ordner wählen, den Sie bekommen haben</translation>
        </message>
        <message>
            <source>If you were given a folder of photographs to rate for a study, open it here. They are shown in a window of their own.</source>
            <translation>Wenn Sie einen Ordner mit Fotos bekommen haben, die Sie für eine Studie bewerten sollen, öffnen Sie ihn hier. Sie werden in einem eigenen Fenster gezeigt.</translation>
        </message>
        <message>
            <source>Rate photographs…</source>
            <translation>Fotos bewerten…</translation>
        </message>
        <message>
            <source>Rate photographs</source>
            <translation>Fotos bewerten</translation>
        </message>
        <message>
            <source>Photograph {number} of {count}</source>
            <translation>Foto {number} von {count}</translation>
        </message>
        <message>
            <source>Who is rating?</source>
            <translation>Wer bewertet?</translation>
        </message>
        <message>
            <source>Each rater has a list of their own, in another order. Choose the one that was given to you, and no other.</source>
            <translation>Alle, die bewerten, haben eine eigene Liste in anderer Reihenfolge. Wählen Sie die, die Sie bekommen haben, und keine andere.</translation>
        </message>
        <message>
            <source>Rate photographs for a study</source>
            <translation>Fotos für eine Studie bewerten</translation>
        </message>
        <message>
            <source>Go on rating photographs</source>
            <translation>Weiter Fotos bewerten</translation>
        </message>
        <message>
            <source>You see one photograph at a time. Still to rate: {left}. On each, mark two points where you think the bones are, and say how well you see the belt line.</source>
            <translation>Sie sehen immer nur ein Foto. Noch zu bewerten: {left}. Markieren Sie auf jedem zwei Punkte dort, wo Sie die Knochen vermuten, und geben Sie an, wie gut Sie die Gürtellinie sehen.</translation>
        </message>
        <message>
            <source>Front point (ASIS): the bump at the front end of the hip bone's upper edge. Back point (PSIS): the bump under the dimple just above the buttock. Mark them on the side that faces the camera.</source>
            <translation>Vorderer Punkt (SIAS): der Höcker am vorderen Ende der Oberkante des Beckenknochens. Hinterer Punkt (SIPS): der Höcker unter dem Grübchen gleich über dem Gesäß. Markieren Sie sie auf der Seite, die zur Kamera zeigt.</translation>
        </message>
        <message>
            <source>If something upright is in the picture, such as a door frame, add a plumb line and lay it on that.</source>
            <translation>Wenn etwas Senkrechtes im Bild ist, zum Beispiel ein Türrahmen, fügen Sie ein Lot hinzu und legen Sie es daran an.</translation>
        </message>
        <message>
            <source>Decide alone and trust your eye: the study asks how well people agree. Earlier answers are not shown.</source>
            <translation>Entscheiden Sie allein und vertrauen Sie Ihrem Auge: Die Studie fragt, wie gut Menschen übereinstimmen. Frühere Antworten werden nicht gezeigt.</translation>
        </message>
        <message>
            <source>Each answer is kept at once, with the time it took. Pauses do not count. You may close the window and go on another day.</source>
            <translation>Jede Antwort wird sofort gespeichert, samt der Zeit, die sie gedauert hat. Pausen zählen nicht. Sie können das Fenster schließen und an einem anderen Tag weitermachen.</translation>
        </message>
        <message>
            <source>All of it works with the keyboard: arrow keys move the point, with Shift faster; Enter goes on to what comes next; {unknown} means you cannot tell the points; {plumb} is the plumb line; {no}, {partly} and {clearly} answer about the belt line; {pause} pauses; Ctrl and + or - zoom, {fit} shows the whole picture.</source>
            <translation>Alles geht auch mit der Tastatur: Pfeiltasten bewegen den Punkt, mit Umschalt schneller; die Eingabetaste geht zum Nächsten; {unknown} heißt, dass Sie die Punkte nicht erkennen; {plumb} ist das Lot; {no}, {partly} und {clearly} beantworten die Frage zur Gürtellinie; {pause} macht Pause; Strg und + oder - zoomen, {fit} zeigt das ganze Bild.</translation>
        </message>
        <message>
            <source>Front point (ASIS)</source>
            <translation>Vorderer Punkt (SIAS)</translation>
        </message>
        <message>
            <source>Back point (PSIS)</source>
            <translation>Hinterer Punkt (SIPS)</translation>
        </message>
        <message>
            <source>{name}, not marked yet</source>
            <translation>{name}, noch nicht markiert</translation>
        </message>
        <message>
            <source>Mark the two bony points</source>
            <translation>Die beiden Knochenpunkte markieren</translation>
        </message>
        <message>
            <source>Click on the picture, first on the front point, then on the back point. Drag a cross, or move it with the arrow keys, until it is right.</source>
            <translation>Klicken Sie auf das Bild, erst auf den vorderen Punkt, dann auf den hinteren. Ziehen Sie ein Kreuz oder bewegen Sie es mit den Pfeiltasten, bis es stimmt.</translation>
        </message>
        <message>
            <source>I cannot tell the points</source>
            <translation>Ich kann die Punkte nicht erkennen</translation>
        </message>
        <message>
            <source>How well do you see the belt line?</source>
            <translation>Wie gut sehen Sie die Gürtellinie?</translation>
        </message>
        <message>
            <source>The upper edge of a belt, trousers or skirt across the body.</source>
            <translation>Die Oberkante von Gürtel, Hose oder Rock quer über den Körper.</translation>
        </message>
        <message>
            <source>Not at all</source>
            <translation>Gar nicht</translation>
        </message>
        <message>
            <source>Partly</source>
            <translation>Teilweise</translation>
        </message>
        <message>
            <source>Clearly</source>
            <translation>Deutlich</translation>
        </message>
        <message>
            <source>Mark the {point}: click on it, or press an arrow key. If you cannot tell where it is, choose “I cannot tell the points”.</source>
            <translation>Noch zu markieren: {point}. Klicken Sie darauf oder drücken Sie eine Pfeiltaste. Wenn Sie nicht erkennen, wo er ist, wählen Sie „Ich kann die Punkte nicht erkennen“.</translation>
        </message>
        <message>
            <source>front point</source>
            <translation>vorderer Punkt</translation>
        </message>
        <message>
            <source>back point</source>
            <translation>hinterer Punkt</translation>
        </message>
        <message>
            <source>The plumb line is still where it was put. Move both ends onto something upright, or remove the line.</source>
            <translation>Das Lot liegt noch dort, wo es anfangs war. Ziehen Sie beide Enden auf etwas Senkrechtes oder entfernen Sie die Linie.</translation>
        </message>
        <message>
            <source>This line cannot be upright. Move both ends onto something upright, such as a door frame, far apart, or remove the line.</source>
            <translation>Diese Linie kann nicht senkrecht sein. Ziehen Sie beide Enden auf etwas Senkrechtes, zum Beispiel einen Türrahmen, und zwar weit auseinander, oder entfernen Sie die Linie.</translation>
        </message>
        <message>
            <source>Say how well you see the belt line.</source>
            <translation>Geben Sie an, wie gut Sie die Gürtellinie sehen.</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <source>The clock stands still and the photograph is hidden. What you marked on it stays as long as the window is open.</source>
            <translation>Die Uhr steht still, und das Foto ist verborgen. Was Sie darauf markiert haben, bleibt, solange das Fenster offen ist.</translation>
        </message>
        <message>
            <source>Photograph {number} cannot be shown and stays open. {message}</source>
            <translation>Foto {number} kann nicht gezeigt werden und bleibt offen. {message}</translation>
        </message>
        <message>
            <source>It has another size than the study's.</source>
            <translation>Es hat eine andere Größe als das der Studie.</translation>
        </message>
        <message>
            <source>All photographs are rated</source>
            <translation>Alle Fotos sind bewertet</translation>
        </message>
        <message>
            <source>You have come to the end</source>
            <translation>Sie sind am Ende angekommen</translation>
        </message>
        <message numerus="yes">
            <source>Thank you. Your {count} answers are in the folder “{folder}”. Give it back to whoever gave it to you.</source>
            <translation>
                <numerusform>Vielen Dank. Ihre Antwort liegt im Ordner „{folder}“. Geben Sie ihn dort zurück, wo Sie ihn bekommen haben.</numerusform>
                <numerusform>Vielen Dank. Ihre {count} Antworten liegen im Ordner „{folder}“. Geben Sie ihn dort zurück, wo Sie ihn bekommen haben.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{count} photographs could not be shown and stay open. Say so when you give the folder back.</source>
            <translation>
                <numerusform>Ein Foto konnte nicht gezeigt werden und bleibt offen. Sagen Sie das, wenn Sie den Ordner zurückgeben.</numerusform>
                <numerusform>{count} Fotos konnten nicht gezeigt werden und bleiben offen. Sagen Sie das, wenn Sie den Ordner zurückgeben.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>app.text.several</name>
        <message>
            <source>Click the person you mean</source>
            <translation>Klicken Sie die gemeinte Person an</translation>
        </message>
        <message>
            <source>Person {number}, from the left</source>
            <translation>Person {number} von links</translation>
        </message>
        <message>
            <source>{count} pictures. Are they one person in one stance, taken again and again, or different?</source>
            <translation>{count} Bilder. Zeigen sie eine Person im gleichen Stand, mehrmals aufgenommen, oder Verschiedenes?</translation>
        </message>
        <message>
            <source>One person, one stance</source>
            <translation>Eine Person, gleicher Stand</translation>
        </message>
        <message>
            <source>Different</source>
            <translation>Verschieden</translation>
        </message>
        <message>
            <source>They become one check, which is surer than a single picture.</source>
            <translation>Daraus wird eine Messung, die sicherer ist als ein einzelnes Bild.</translation>
        </message>
        <message>
            <source>They are one stance</source>
            <translation>Sie zeigen den gleichen Stand</translation>
        </message>
        <message>
            <source>They are different</source>
            <translation>Sie sind verschieden</translation>
        </message>
        <message>
            <source>Each becomes a check of its own, and you choose whose.</source>
            <translation>Jedes wird eine eigene Messung, und Sie wählen, zu wem sie gehört.</translation>
        </message>
        <message>
            <source>{count} pictures</source>
            <translation>{count} Bilder</translation>
        </message>
        <message>
            <source>{count} pictures in “{folder}”</source>
            <translation>{count} Bilder in „{folder}“</translation>
        </message>
        <message>
            <source>Only the first {count} are taken, in the order of their names; {left} are left out.</source>
            <translation>Nur die ersten {count} werden genommen, nach Namen geordnet; {left} bleiben weg.</translation>
        </message>
        <message>
            <source>There is no picture in this folder. Choose one with photographs in it.</source>
            <translation>In diesem Ordner ist kein Bild. Wählen Sie einen mit Fotos.</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>Wartet</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>Wird gemessen…</translation>
        </message>
        <message>
            <source>{said}
Saved</source>
            <translation>{said}
Gespeichert</translation>
        </message>
        <message>
            <source>{said} Open it to choose one.</source>
            <translation>{said} Öffnen Sie es, um jemanden zu wählen.</translation>
        </message>
        <message>
            <source>{done} of {count}</source>
            <translation>{done} von {count}</translation>
        </message>
        <message>
            <source>{measured} measured, {refused} without a number.</source>
            <translation>{measured} gemessen, {refused} ohne Zahl.</translation>
        </message>
        <message>
            <source>All are measured.</source>
            <translation>Alle sind gemessen.</translation>
        </message>
        <message>
            <source>{count} pictures of one stance</source>
            <translation>{count} Bilder im gleichen Stand</translation>
        </message>
        <message>
            <source>The middle of {count} pictures, which lie {apart}.</source>
            <translation>Die Mitte aus {count} Bildern; sie liegen {apart}.</translation>
        </message>
        <message>
            <source>up to {range}° apart</source>
            <translation>bis zu {range}° auseinander</translation>
        </message>
        <message>
            <source>less than 1° apart</source>
            <translation>weniger als 1° auseinander</translation>
        </message>
        <message>
            <source>{source} is {off}° off the middle: look at it, or leave it out.</source>
            <translation>{source} liegt {off}° neben der Mitte: Sehen Sie es an oder lassen Sie es weg.</translation>
        </message>
        <message>
            <source>{left} did not count.</source>
            <translation>Nicht gezählt: {left}.</translation>
        </message>
        <message>
            <source>A change of {change}° or more counts.</source>
            <translation>Eine Veränderung zählt ab {change}°.</translation>
        </message>
        <message>
            <source>The result comes when all pictures are measured.</source>
            <translation>Das Ergebnis kommt, wenn alle Bilder gemessen sind.</translation>
        </message>
        <message>
            <source>Save all ({count})</source>
            <translation>Alle speichern ({count})</translation>
        </message>
        <message numerus="yes">
            <source>Saved {count} checks</source>
            <translation>
                <numerusform>1 Messung gespeichert</numerusform>
                <numerusform>{count} Messungen gespeichert</numerusform>
            </translation>
        </message>
        <message>
            <source>{kept} of {count} checks were saved. {why}</source>
            <translation>{kept} von {count} Messungen wurden gespeichert. {why}</translation>
        </message>
    </context>
    <context>
        <name>app.text.share</name>
        <message>
            <source>Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for a diagnosis.</source>
            <translation>Beltline ist ein Selbsttest für das Wohlbefinden. Es ist kein Medizinprodukt: Für eine Diagnose wenden Sie sich bitte an eine physiotherapeutische Praxis.</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>Teilen</translation>
        </message>
        <message>
            <source>Copy, save or print this result</source>
            <translation>Dieses Ergebnis kopieren, speichern oder drucken</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Save picture…</source>
            <translation>Bild speichern…</translation>
        </message>
        <message>
            <source>Print…</source>
            <translation>Drucken…</translation>
        </message>
        <message>
            <source>Blur the face</source>
            <translation>Gesicht unkenntlich machen</translation>
        </message>
        <message>
            <source>Beltline could not find every face in the picture, so it was not shared. If the faces may be seen, switch off “Blur the face” in the Share menu.</source>
            <translation>Beltline konnte nicht jedes Gesicht auf dem Bild finden; deshalb wurde es nicht geteilt. Wenn die Gesichter zu sehen sein dürfen, schalten Sie im Menü „Teilen“ die Option „Gesicht unkenntlich machen“ aus.</translation>
        </message>
        <message>
            <source>Copied: the words, and the picture.</source>
            <translation>Kopiert: der Text und das Bild.</translation>
        </message>
        <message>
            <source>Copied: the words. No picture was kept with this check.</source>
            <translation>Kopiert: der Text. Zu dieser Messung wurde kein Bild aufbewahrt.</translation>
        </message>
        <message>
            <source>Saved as {name}.</source>
            <translation>Gespeichert als {name}.</translation>
        </message>
        <message>
            <source>Sent to the printer.</source>
            <translation>An den Drucker gesendet.</translation>
        </message>
        <message>
            <source>The printer did not take it. Look whether it is switched on, then try again.</source>
            <translation>Der Drucker hat es nicht angenommen. Sehen Sie nach, ob er eingeschaltet ist, und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>check_{day}.png</source>
            <translation>messung_{day}.png</translation>
        </message>
        <message>
            <source>Picture (*.png)</source>
            <translation>Bild (*.png)</translation>
        </message>
        <message>
            <source>Smaller picture (*.jpg *.jpeg)</source>
            <translation>Kleineres Bild (*.jpg *.jpeg)</translation>
        </message>
    </context>
    <context>
        <name>app.text.squeeze</name>
        <message>
            <source>Squeeze test</source>
            <translation>Anspannungstest</translation>
        </message>
        <message>
            <source>Squeeze tests</source>
            <translation>Anspannungstests</translation>
        </message>
        <message>
            <source>Result of the squeeze test</source>
            <translation>Ergebnis des Anspannungstests</translation>
        </message>
        <message>
            <source>{angle}° back ({interval})</source>
            <translation>{angle}° nach hinten ({interval})</translation>
        </message>
        <message>
            <source>{angle}° forward ({interval})</source>
            <translation>{angle}° nach vorn ({interval})</translation>
        </message>
        <message>
            <source>Turned back {angle}° on squeezing (likely {interval})</source>
            <translation>Angespannt um {angle}° nach hinten gekippt (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Turned forward {angle}° on squeezing (likely {interval})</source>
            <translation>Angespannt um {angle}° nach vorn gekippt (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>Turned by less than 1° on squeezing (likely {interval})</source>
            <translation>Angespannt um weniger als 1° gekippt (wahrscheinlich {interval})</translation>
        </message>
        <message>
            <source>That is more than a pelvis moves by itself in somebody who stands still.</source>
            <translation>Das ist mehr, als sich ein Becken von selbst bewegt, wenn jemand still steht.</translation>
        </message>
        <message>
            <source>That is no more than a pelvis moves by itself in somebody who stands still, so it may be chance.</source>
            <translation>Das ist nicht mehr, als sich ein Becken von selbst bewegt, wenn jemand still steht; es kann also Zufall sein.</translation>
        </message>
        <message>
            <source>more than standing still varies</source>
            <translation>mehr als die Schwankung im stillen Stand</translation>
        </message>
        <message>
            <source>may be chance</source>
            <translation>kann Zufall sein</translation>
        </message>
        <message>
            <source>A real turn</source>
            <translation>Echte Bewegung</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>One by one: {angles}.</source>
            <translation>Einzeln: {angles}.</translation>
        </message>
        <message>
            <source>This shows whether the pelvis turned when you squeezed, not how strong a muscle is. If something troubles you, ask a physiotherapist.</source>
            <translation>Das zeigt, ob sich das Becken beim Anspannen bewegt hat, nicht, wie stark ein Muskel ist. Wenn Sie etwas beunruhigt, fragen Sie in der Physiotherapie.</translation>
        </message>
        <message>
            <source>Could you squeeze both sides of your buttocks together?</source>
            <translation>Konnten Sie das Gesäß auf beiden Seiten zugleich anspannen?</translation>
        </message>
        <message>
            <source>Could you squeeze the left side alone?</source>
            <translation>Konnten Sie die linke Seite allein anspannen?</translation>
        </message>
        <message>
            <source>Could you squeeze the right side alone?</source>
            <translation>Konnten Sie die rechte Seite allein anspannen?</translation>
        </message>
        <message>
            <source>Could you squeeze your buttocks?</source>
            <translation>Konnten Sie das Gesäß anspannen?</translation>
        </message>
        <message>
            <source>Both together</source>
            <translation>Beide zusammen</translation>
        </message>
        <message>
            <source>Left alone</source>
            <translation>Links allein</translation>
        </message>
        <message>
            <source>Right alone</source>
            <translation>Rechts allein</translation>
        </message>
        <message>
            <source>partly</source>
            <translation>teilweise</translation>
        </message>
        <message>
            <source>no</source>
            <translation>nein</translation>
        </message>
        <message>
            <source>not said</source>
            <translation>keine Angabe</translation>
        </message>
        <message>
            <source>Could squeeze both sides: {both}; the left alone: {left}; the right alone: {right}.</source>
            <translation>Anspannen gelang auf beiden Seiten: {both}; links allein: {left}; rechts allein: {right}.</translation>
        </message>
        <message>
            <source>Newest squeeze test, {when}: {turned}, {noise}. {answers}</source>
            <translation>Neuester Anspannungstest, {when}: {turned}, {noise}. {answers}</translation>
        </message>
        <message>
            <source>Newest, {when}: {turned} on squeezing</source>
            <translation>Neuester, {when}: {turned} beim Anspannen</translation>
        </message>
        <message>
            <source>Squeeze tests ({count})</source>
            <translation>Anspannungstests ({count})</translation>
        </message>
        <message>
            <source>back</source>
            <translation>nach hinten</translation>
        </message>
        <message>
            <source>forward</source>
            <translation>nach vorn</translation>
        </message>
        <message numerus="yes">
            <source>{count} squeeze tests</source>
            <translation>
                <numerusform>1 Anspannungstest</numerusform>
                <numerusform>{count} Anspannungstests</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pictures</name>
        <message>
            <source>Somebody stands upright, seen from behind, and tightens both buttocks.</source>
            <translation>Eine Person steht aufrecht, von hinten gesehen, und spannt beide Seiten des Gesäßes an.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with bent knees and feet on the floor, and lifts the hips until shoulders, hips and knees are in line.</source>
            <translation>Eine Person liegt mit angewinkelten Knien auf dem Rücken, die Füße auf dem Boden, und hebt das Becken, bis Schultern, Hüfte und Knie eine Linie bilden.</translation>
        </message>
        <message>
            <source>Somebody lies on their back with one foot on the floor and the other leg stretched out, lifts the hips and holds them up.</source>
            <translation>Eine Person liegt auf dem Rücken, ein Fuß auf dem Boden, das andere Bein gestreckt; sie hebt das Becken und hält es oben.</translation>
        </message>
        <message>
            <source>Somebody lies on their side with straight legs and lifts the upper leg.</source>
            <translation>Eine Person liegt mit gestreckten Beinen auf der Seite und hebt das obere Bein.</translation>
        </message>
    </context>
    <context>
        <name>guidance</name>
        <message>
            <source>No real change since {since}.</source>
            <translation>Keine echte Veränderung (Vergleich: {since}).</translation>
        </message>
        <message>
            <source>{difference}° {way} in front than {then}: a real change, if the clothes sat alike.</source>
            <translation>Vorn {difference}° {way} als {then}: eine echte Veränderung, falls die Kleidung gleich saß.</translation>
        </message>
        <message>
            <source>{difference}° further {way} than {then}: a real change.</source>
            <translation>{difference}° weiter {way} als {then}: eine echte Veränderung.</translation>
        </message>
        <message>
            <source>Your first check of this kind. The next one can be compared with it.</source>
            <translation>Ihre erste Messung dieser Art. Die nächste lässt sich mit ihr vergleichen.</translation>
        </message>
        <message>
            <source>{fix} Then check again.</source>
            <translation>{fix} Dann messen Sie noch einmal.</translation>
        </message>
        <message>
            <source>Check again on another day before you make anything of the change.</source>
            <translation>Messen Sie an einem anderen Tag noch einmal, bevor Sie aus der Veränderung etwas schließen.</translation>
        </message>
        <message>
            <source>Can you squeeze each side of your buttocks by itself? Try it.</source>
            <translation>Können Sie jede Seite des Gesäßes für sich anspannen? Probieren Sie es aus.</translation>
        </message>
        <message>
            <source>The angle of your belt line, as in a mirror. It is not the tilt of your pelvis.</source>
            <translation>Der Winkel Ihrer Gürtellinie, wie im Spiegel. Er ist nicht die Kippung Ihres Beckens.</translation>
        </message>
        <message>
            <source>Measured between the two bony points that were marked, and as exact as they are.</source>
            <translation>Gemessen zwischen den beiden markierten Knochenpunkten und so genau wie diese.</translation>
        </message>
        <message>
            <source>Measured between two stickers, and as exact as the places where they were stuck.</source>
            <translation>Gemessen zwischen zwei Klebepunkten und so genau wie die Stellen, auf denen sie kleben.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body and from what your calibration showed of your bones.</source>
            <translation>Geschätzt anhand des Körperumrisses und dessen, was Ihre Kalibrierung von Ihren Knochen gezeigt hat.</translation>
        </message>
        <message>
            <source>Estimated from the outline of the body.</source>
            <translation>Geschätzt anhand des Körperumrisses.</translation>
        </message>
        <message>
            <source>Forward means that the front of the pelvis, the bowl of bone between your hips, is lower than the back.</source>
            <translation>Nach vorn heißt: Die Vorderseite des Beckens, der Knochenschale zwischen Ihren Hüften, liegt tiefer als die Rückseite.</translation>
        </message>
        <message>
            <source>Clothes and belly shift it too, so compare it only in the same clothes.</source>
            <translation>Auch Kleidung und Bauch verschieben sie; vergleichen Sie sie nur in derselben Kleidung.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward; this lies within that.</source>
            <translation>Bei den meisten Menschen ohne Schmerzen ist das Becken etwa 3 bis 20° nach vorn gekippt; dieser Wert liegt darin.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is more; bones alone can explain it.</source>
            <translation>Bei den meisten Menschen ohne Schmerzen ist das Becken etwa 3 bis 20° nach vorn gekippt. Dieser Wert ist größer; allein die Knochen können das erklären.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is less; bones alone can explain it.</source>
            <translation>Bei den meisten Menschen ohne Schmerzen ist das Becken etwa 3 bis 20° nach vorn gekippt. Dieser Wert ist kleiner; allein die Knochen können das erklären.</translation>
        </message>
        <message>
            <source>Most people without pain tilt about 3 to 20° forward. This is the other way; bones or stance alone can explain it.</source>
            <translation>Bei den meisten Menschen ohne Schmerzen ist das Becken etwa 3 bis 20° nach vorn gekippt. Dieser Wert weist in die andere Richtung; allein die Knochen oder der Stand können das erklären.</translation>
        </message>
        <message>
            <source>The likely range is wide because no photo shows the shape of your bones. Calibrating once narrows it. Changes show more clearly.</source>
            <translation>Der wahrscheinliche Bereich ist breit, weil kein Foto die Form Ihrer Knochen zeigt. Eine einmalige Kalibrierung macht ihn schmaler. Veränderungen sind deutlicher zu sehen.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way. Whether a change matters, a number alone cannot say.</source>
            <translation>„Letztes Mal“ ist Ihre letzte Messung auf dieselbe Weise. Ob eine Veränderung etwas bedeutet, kann eine Zahl allein nicht sagen.</translation>
        </message>
        <message>
            <source>“Last time” is your last check measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>„Letztes Mal“ ist Ihre letzte Messung auf dieselbe Weise; weniger als {smallest}° zwischen zwei Bildern sind keine echte Veränderung.</translation>
        </message>
        <message>
            <source>Compare it only with your own checks, measured the same way; under {smallest}° between two pictures is no real change.</source>
            <translation>Vergleichen Sie nur mit eigenen Messungen auf dieselbe Weise; weniger als {smallest}° zwischen zwei Bildern sind keine echte Veränderung.</translation>
        </message>
        <message>
            <source>It does not tell good from bad, does not explain pain, and proves nothing about how well your muscles work.</source>
            <translation>Die Zahl unterscheidet nicht zwischen gut und schlecht, erklärt keine Schmerzen und beweist nichts darüber, wie gut Ihre Muskeln arbeiten.</translation>
        </message>
        <message>
            <source>It is not a medical measurement: the range was checked on computer-made bodies, not on people.</source>
            <translation>Sie ist keine medizinische Messung: Der Bereich wurde an computererzeugten Körpern geprüft, nicht an Menschen.</translation>
        </message>
        <message>
            <source>Your hips were ahead of your feet and your upper body leaned back (sway-back). That can hide a forward tilt, so the number may be too low.</source>
            <translation>Ihre Hüfte war vor den Füßen, und Ihr Oberkörper lehnte nach hinten (Sway-back). Das kann eine Kippung nach vorn verdecken; die Zahl ist also vielleicht zu niedrig.</translation>
        </message>
        <message>
            <source>Your knees were pushed back beyond straight, which can turn the pelvis. Compare this check only with others in which you stood like that.</source>
            <translation>Ihre Knie waren überstreckt; das kann das Becken kippen. Vergleichen Sie diese Messung nur mit anderen, bei denen Sie genauso standen.</translation>
        </message>
        <message>
            <source>Your head was well ahead of your shoulders. Look straight ahead each time: it changes how you stand.</source>
            <translation>Ihr Kopf war deutlich vor den Schultern. Schauen Sie jedes Mal geradeaus: Es verändert, wie Sie stehen.</translation>
        </message>
        <message>
            <source>Tighter clothes, two stickers or marked points narrow the likely range.</source>
            <translation>Engere Kleidung, zwei Klebepunkte oder markierte Punkte machen den wahrscheinlichen Bereich schmaler.</translation>
        </message>
        <message>
            <source>A belt line that is lower in front may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Eine Gürtellinie, die vorn tiefer liegt, kann ein Zeichen dafür sein, dass die Gesäßmuskeln nicht mehr zuverlässig anspringen, meist nach vielem Sitzen. Bewiesen hat das keine Studie. Testen Sie die Muskeln deshalb: Können Sie beide Seiten anspannen, und jede für sich? Brücke und Beinheben trainieren das.</translation>
        </message>
        <message>
            <source>Standing tilted forward may be a sign that the muscles of your buttocks no longer switch on reliably, usually after much sitting. No study has proved it, so test them: can you squeeze both sides, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Ein im Stehen nach vorn gekipptes Becken kann ein Zeichen dafür sein, dass die Gesäßmuskeln nicht mehr zuverlässig anspringen, meist nach vielem Sitzen. Bewiesen hat das keine Studie. Testen Sie die Muskeln deshalb: Können Sie beide Seiten anspannen, und jede für sich? Brücke und Beinheben trainieren das.</translation>
        </message>
        <message>
            <source>Whatever the number: can you squeeze both sides of your buttocks, and each by itself? Bridges and leg lifts train that.</source>
            <translation>Wie die Zahl auch ausfällt: Können Sie beide Seiten des Gesäßes anspannen, und jede für sich? Brücke und Beinheben trainieren das.</translation>
        </message>
        <message>
            <source>Sit less: stand up and walk for a few minutes every hour.</source>
            <translation>Sitzen Sie weniger: Stehen Sie jede Stunde auf und gehen Sie ein paar Minuten.</translation>
        </message>
        <message>
            <source>With pain or doubts, see a physiotherapist.</source>
            <translation>Bei Schmerzen oder Zweifeln gehen Sie in eine physiotherapeutische Praxis.</translation>
        </message>
        <message>
            <source>Numbness or tingling between the legs, where you would sit on a saddle.</source>
            <translation>Taubheit oder Kribbeln zwischen den Beinen, dort, wo man auf einem Sattel sitzt.</translation>
        </message>
        <message>
            <source>New trouble with passing or holding urine or stool.</source>
            <translation>Neue Probleme beim Wasserlassen oder Stuhlgang oder damit, Urin oder Stuhl zu halten.</translation>
        </message>
        <message>
            <source>A leg or foot that is very weak, or weakness that is spreading.</source>
            <translation>Ein sehr schwaches Bein, ein sehr schwacher Fuß oder Schwäche, die sich ausbreitet.</translation>
        </message>
        <message>
            <source>Pain that runs down both legs.</source>
            <translation>Schmerzen, die in beide Beine ziehen.</translation>
        </message>
        <message>
            <source>A bad fall, accident or other major injury lately.</source>
            <translation>In letzter Zeit ein schwerer Sturz, Unfall oder eine andere schwere Verletzung.</translation>
        </message>
        <message>
            <source>Fever, or feeling ill altogether.</source>
            <translation>Fieber oder ein allgemeines Krankheitsgefühl.</translation>
        </message>
        <message>
            <source>Cancer, now or in the past.</source>
            <translation>Krebs, jetzt oder früher.</translation>
        </message>
        <message>
            <source>Losing weight without knowing why.</source>
            <translation>Gewichtsverlust, dessen Grund Sie nicht kennen.</translation>
        </message>
        <message>
            <source>Pain at night that does not let up in any position.</source>
            <translation>Schmerzen in der Nacht, die in keiner Lage nachlassen.</translation>
        </message>
        <message>
            <source>Osteoporosis (thin bones), or steroid medicines for months.</source>
            <translation>Osteoporose (Knochenschwund) oder monatelang Kortison.</translation>
        </message>
        <message>
            <source>You cannot put your weight on one of your legs.</source>
            <translation>Sie können eines Ihrer Beine nicht belasten.</translation>
        </message>
        <message>
            <source>A hot, swollen joint.</source>
            <translation>Ein heißes, geschwollenes Gelenk.</translation>
        </message>
        <message>
            <source>You are pregnant.</source>
            <translation>Sie sind schwanger.</translation>
        </message>
        <message>
            <source>An operation within the last months.</source>
            <translation>Eine Operation in den letzten Monaten.</translation>
        </message>
        <message>
            <source>An artificial hip.</source>
            <translation>Ein künstliches Hüftgelenk.</translation>
        </message>
        <message>
            <source>Please get help now</source>
            <translation>Bitte holen Sie jetzt Hilfe</translation>
        </message>
        <message>
            <source>Call the emergency number (112, 999 or 911, depending on your country) or go to an emergency department.</source>
            <translation>Wählen Sie den Notruf (je nach Land 112, 999 oder 911) oder gehen Sie in eine Notaufnahme.</translation>
        </message>
        <message>
            <source>Now. Do not wait until it passes, even if it hardly hurts.</source>
            <translation>Jetzt. Warten Sie nicht ab, auch wenn es kaum wehtut.</translation>
        </message>
        <message>
            <source>Exercises stay closed here until you answer the questions again.</source>
            <translation>Die Übungen bleiben hier gesperrt, bis Sie die Fragen neu beantworten.</translation>
        </message>
        <message>
            <source>Please see a doctor first</source>
            <translation>Bitte lassen Sie das erst ärztlich abklären</translation>
        </message>
        <message>
            <source>Call your doctor and say what you have ticked.</source>
            <translation>Rufen Sie in Ihrer Arztpraxis an und sagen Sie, was Sie angehakt haben.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it gets worse.</source>
            <translation>In den nächsten Tagen; sofort, wenn es schlimmer wird.</translation>
        </message>
        <message>
            <source>Please ask first</source>
            <translation>Bitte fragen Sie zuerst</translation>
        </message>
        <message>
            <source>Ask your doctor, midwife or physiotherapist whether bridges and leg lifts are right for you.</source>
            <translation>Fragen Sie in Ihrer Arztpraxis, bei Ihrer Hebamme oder in der Physiotherapie nach, ob Brücke und Beinheben das Richtige für Sie sind.</translation>
        </message>
        <message>
            <source>Before you begin; there is no hurry.</source>
            <translation>Bevor Sie anfangen; es eilt nicht.</translation>
        </message>
        <message>
            <source>When they say that you may, say so here.</source>
            <translation>Wenn Sie dort grünes Licht bekommen, geben Sie das hier an.</translation>
        </message>
        <message>
            <source>You can begin</source>
            <translation>Sie können anfangen</translation>
        </message>
        <message>
            <source>None of your answers speaks against these exercises.</source>
            <translation>Keine Ihrer Antworten spricht gegen diese Übungen.</translation>
        </message>
        <message>
            <source>If anything hurts, stop and press “This hurts”.</source>
            <translation>Wenn etwas wehtut, hören Sie auf und drücken Sie auf „Das tut weh“.</translation>
        </message>
        <message>
            <source>You will be asked again in four weeks.</source>
            <translation>In vier Wochen werden Sie wieder gefragt.</translation>
        </message>
        <message>
            <source>Stop here</source>
            <translation>Hier aufhören</translation>
        </message>
        <message>
            <source>Stay in a position that is comfortable. If the pain goes away, leave this exercise out today. If it comes back or stays, ask a physiotherapist or your doctor.</source>
            <translation>Bleiben Sie in einer Lage, die angenehm ist. Wenn der Schmerz vergeht, lassen Sie diese Übung heute weg. Wenn er wiederkommt oder bleibt, fragen Sie in der Physiotherapie oder in Ihrer Arztpraxis.</translation>
        </message>
        <message>
            <source>Within the next days; at once if it is strong or follows a fall. With numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, or pain in both legs, call the emergency number now (112, 999 or 911, depending on your country).</source>
            <translation>In den nächsten Tagen; sofort, wenn der Schmerz stark ist oder nach einem Sturz auftritt. Bei Taubheit zwischen den Beinen, neuen Problemen mit Blase oder Darm, einem Bein, das schwach wird, oder Schmerzen in beiden Beinen wählen Sie jetzt den Notruf (je nach Land 112, 999 oder 911).</translation>
        </message>
        <message>
            <source>Muscles that ache a little on the next day are usual. Sharp pain, or pain that runs into a leg, is not.</source>
            <translation>Leichter Muskelkater am nächsten Tag ist üblich. Stechende Schmerzen oder Schmerzen, die ins Bein ziehen, sind es nicht.</translation>
        </message>
        <message>
            <source>Can you squeeze at will?</source>
            <translation>Können Sie willentlich anspannen?</translation>
        </message>
        <message>
            <source>Stand relaxed, feet as wide as your hips, one hand on each buttock.</source>
            <translation>Stehen Sie locker, die Füße hüftbreit, auf jeder Gesäßhälfte eine Hand.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks for five seconds. The thighs stay loose, and you go on breathing.</source>
            <translation>Spannen Sie fünf Sekunden lang beide Seiten des Gesäßes an. Die Oberschenkel bleiben locker, und Sie atmen weiter.</translation>
        </message>
        <message>
            <source>Then the left one alone, then the right one alone.</source>
            <translation>Dann nur die linke Seite, dann nur die rechte.</translation>
        </message>
        <message>
            <source>Yes: you feel it get firm under your hand and can hold it. Partly: it flickers, or the other side or the thigh joins in. No: nothing happens.</source>
            <translation>Ja: Sie spüren unter der Hand, wie es fest wird, und können es halten. Teilweise: Es zuckt nur, oder die andere Seite oder der Oberschenkel spannt mit an. Nein: Es geschieht nichts.</translation>
        </message>
        <message>
            <source>It shows what you feel today, no more. Many people can squeeze one side less well than the other.</source>
            <translation>Das zeigt, was Sie heute spüren, mehr nicht. Viele Menschen können eine Seite schlechter anspannen als die andere.</translation>
        </message>
        <message>
            <source>See someone</source>
            <translation>Hilfe holen</translation>
        </message>
        <message>
            <source>When it is worth it</source>
            <translation>Wann es sich lohnt</translation>
        </message>
        <message>
            <source>Pain that stays for some weeks, comes back, or keeps you from something you want to do.</source>
            <translation>Schmerzen, die einige Wochen bleiben, wiederkommen oder Sie von etwas abhalten, das Sie tun möchten.</translation>
        </message>
        <message>
            <source>You cannot squeeze one side at all, even after two or three weeks of trying.</source>
            <translation>Sie können eine Seite gar nicht anspannen, auch nach zwei oder drei Wochen Übung.</translation>
        </message>
        <message>
            <source>You want to know what a number on a screen cannot tell: for a diagnosis somebody has to examine you.</source>
            <translation>Sie möchten wissen, was eine Zahl auf dem Bildschirm nicht sagen kann: Für eine Diagnose muss jemand Sie untersuchen.</translation>
        </message>
        <message>
            <source>When not to wait</source>
            <translation>Wann Sie nicht warten sollten</translation>
        </message>
        <message>
            <source>Numbness between the legs, new trouble with bladder or bowel, a leg that gets weak, pain in both legs: call the emergency number now.</source>
            <translation>Taubheit zwischen den Beinen, neue Probleme mit Blase oder Darm, ein Bein, das schwach wird, Schmerzen in beiden Beinen: Wählen Sie jetzt den Notruf.</translation>
        </message>
        <message>
            <source>After a bad fall, with fever, after a cancer, with weight loss that you cannot explain, pain at night that never lets up, thin bones or months of steroid medicines, a hot swollen joint, or a leg that cannot carry you: call a doctor first.</source>
            <translation>Nach einem schweren Sturz, bei Fieber, nach einer Krebserkrankung, bei Gewichtsverlust, den Sie sich nicht erklären können, bei nächtlichen Schmerzen, die nie nachlassen, bei Knochenschwund oder monatelangem Kortison, bei einem heißen, geschwollenen Gelenk oder einem Bein, das Sie nicht trägt: Rufen Sie zuerst in einer Arztpraxis an.</translation>
        </message>
        <message>
            <source>What is known, and what is not</source>
            <translation>Was man weiß und was nicht</translation>
        </message>
        <message>
            <source>That the muscles of the buttocks “switch off” after much sitting is what physiotherapists observe. It is not an established medical condition, and no study shows that tilt proves anything about these muscles.</source>
            <translation>Dass die Gesäßmuskeln nach vielem Sitzen „abschalten“, ist eine Beobachtung aus der Physiotherapie. Es ist kein anerkanntes Krankheitsbild, und keine Studie zeigt, dass die Kippung irgendetwas über diese Muskeln beweist.</translation>
        </message>
        <message>
            <source>The shape of the bones alone makes people differ by more than 20°.</source>
            <translation>Allein durch die Form der Knochen unterscheiden sich Menschen um mehr als 20°.</translation>
        </message>
        <message>
            <source>Tilt hardly moves: in trials exercise and stretching changed it by 1 to 2° at most. What you can win is strength and the habit of moving.</source>
            <translation>Die Kippung ändert sich kaum: In Studien veränderten Übungen und Dehnen sie um höchstens 1 bis 2°. Gewinnen können Sie Kraft und die Gewohnheit, sich zu bewegen.</translation>
        </message>
        <message>
            <source>What to bring</source>
            <translation>Was Sie mitbringen</translation>
        </message>
        <message>
            <source>The PDF report: your checks with their likely ranges, your self-checks, and what you have done so far.</source>
            <translation>Den PDF-Bericht: Ihre Messungen mit dem wahrscheinlichen Bereich, Ihre Selbsttests und was Sie bisher gemacht haben.</translation>
        </message>
        <message>
            <source>Letters and pictures of earlier examinations, and a list of your medicines.</source>
            <translation>Berichte und Bilder früherer Untersuchungen und eine Liste Ihrer Medikamente.</translation>
        </message>
        <message>
            <source>Shorts and a top in which your back and hips can be seen.</source>
            <translation>Eine kurze Hose und ein Oberteil, in denen Rücken und Hüfte zu sehen sind.</translation>
        </message>
        <message>
            <source>What to say</source>
            <translation>Was Sie erzählen</translation>
        </message>
        <message>
            <source>Where it hurts or feels weak, since when, what makes it worse and what eases it.</source>
            <translation>Wo es wehtut oder sich schwach anfühlt, seit wann, was es schlimmer macht und was es lindert.</translation>
        </message>
        <message>
            <source>How long you sit on a usual day, and what sport you do.</source>
            <translation>Wie lange Sie an einem normalen Tag sitzen und welchen Sport Sie treiben.</translation>
        </message>
        <message>
            <source>What you want to be able to do again.</source>
            <translation>Was Sie wieder können möchten.</translation>
        </message>
        <message>
            <source>What to ask</source>
            <translation>Was Sie fragen</translation>
        </message>
        <message>
            <source>What do you find, and how sure are you of it?</source>
            <translation>Was stellen Sie fest, und wie sicher sind Sie?</translation>
        </message>
        <message>
            <source>Which two or three exercises matter most, how often, and until when?</source>
            <translation>Welche zwei oder drei Übungen sind am wichtigsten, wie oft und bis wann?</translation>
        </message>
        <message>
            <source>How will I notice if I do too much?</source>
            <translation>Woran merke ich, dass ich zu viel mache?</translation>
        </message>
        <message>
            <source>How to find one</source>
            <translation>So finden Sie jemanden</translation>
        </message>
        <message>
            <source>Look for somebody with a state licence or registration; the public register of your country lists them, and your doctor or health insurer can name some.</source>
            <translation>Achten Sie auf eine staatliche Zulassung oder Registrierung; das öffentliche Verzeichnis Ihres Landes führt alle auf, und Ihre Arztpraxis oder Krankenkasse kann Ihnen Namen nennen.</translation>
        </message>
        <message>
            <source>A good first visit begins with questions and an examination, not with a device.</source>
            <translation>Ein guter erster Termin beginnt mit Fragen und einer Untersuchung, nicht mit einem Gerät.</translation>
        </message>
        <message>
            <source>A list of exercises that you are given can be typed in on the Exercises page.</source>
            <translation>Eine Übungsliste, die Sie bekommen, können Sie auf der Seite „Übungen“ eingeben.</translation>
        </message>
        <message>
            <source>Buttock squeeze</source>
            <translation>Gesäß anspannen</translation>
        </message>
        <message>
            <source>Helps you find the muscles again, anywhere and in any clothes.</source>
            <translation>Hilft Ihnen, die Muskeln wiederzufinden, überall und in jeder Kleidung.</translation>
        </message>
        <message>
            <source>Stand, or lie face down, and let your thighs go loose.</source>
            <translation>Stehen Sie oder legen Sie sich auf den Bauch und lassen Sie die Oberschenkel locker.</translation>
        </message>
        <message>
            <source>Squeeze both buttocks and hold for five seconds, breathing on.</source>
            <translation>Spannen Sie beide Seiten des Gesäßes an, halten Sie fünf Sekunden und atmen Sie weiter.</translation>
        </message>
        <message>
            <source>Let go entirely. Later: left side alone, then right side alone.</source>
            <translation>Lassen Sie ganz los. Später: nur die linke Seite, dann nur die rechte.</translation>
        </message>
        <message>
            <source>Holding your breath.</source>
            <translation>Die Luft anhalten.</translation>
        </message>
        <message>
            <source>Thighs or belly tense up instead.</source>
            <translation>Stattdessen spannen sich Oberschenkel oder Bauch an.</translation>
        </message>
        <message>
            <source>Not letting go between two squeezes.</source>
            <translation>Zwischen zwei Wiederholungen nicht loslassen.</translation>
        </message>
        <message>
            <source>Bridge</source>
            <translation>Brücke</translation>
        </message>
        <message>
            <source>Loads the buttocks and little else.</source>
            <translation>Belastet das Gesäß und sonst wenig.</translation>
        </message>
        <message>
            <source>from the side, from two to three metres away, close to the floor</source>
            <translation>von der Seite, aus zwei bis drei Metern Entfernung, nah am Boden</translation>
        </message>
        <message>
            <source>Lie on your back, knees bent, feet flat on the floor, as wide as your hips.</source>
            <translation>Legen Sie sich auf den Rücken, die Knie angewinkelt, die Füße flach und hüftbreit auf dem Boden.</translation>
        </message>
        <message>
            <source>Squeeze your buttocks first, then lift your hips until knees, hips and shoulders are in one line.</source>
            <translation>Spannen Sie erst das Gesäß an, dann heben Sie das Becken, bis Knie, Hüfte und Schultern eine Linie bilden.</translation>
        </message>
        <message>
            <source>Hold for a moment, lower slowly, and come to rest before the next one.</source>
            <translation>Halten Sie kurz, senken Sie das Becken langsam und legen Sie es vor der nächsten Wiederholung ab.</translation>
        </message>
        <message>
            <source>Arching the lower back at the top: stop when the line is straight.</source>
            <translation>Oben ins Hohlkreuz gehen: Hören Sie auf, wenn die Linie gerade ist.</translation>
        </message>
        <message>
            <source>Feet too close or too far away: at the top the knees form a right angle, or one a little wider.</source>
            <translation>Füße zu nah oder zu weit weg: Oben bilden die Knie einen rechten Winkel oder einen etwas größeren.</translation>
        </message>
        <message>
            <source>Pushing from the back of the thighs: think of the buttocks.</source>
            <translation>Aus der Rückseite der Oberschenkel drücken: Denken Sie an das Gesäß.</translation>
        </message>
        <message>
            <source>Single-leg bridge</source>
            <translation>Einbeinige Brücke</translation>
        </message>
        <message>
            <source>Each side works by itself, once the bridge has become easy.</source>
            <translation>Jede Seite arbeitet für sich, sobald die Brücke leicht geworden ist.</translation>
        </message>
        <message>
            <source>Come up into a bridge on both feet.</source>
            <translation>Gehen Sie mit beiden Füßen am Boden in die Brücke.</translation>
        </message>
        <message>
            <source>Stretch one leg out in line with your body, and keep both hip bones level.</source>
            <translation>Strecken Sie ein Bein in Verlängerung des Körpers aus und halten Sie beide Beckenknochen auf gleicher Höhe.</translation>
        </message>
        <message>
            <source>Hold. Stop as soon as the hip sinks, and change sides.</source>
            <translation>Halten. Hören Sie auf, sobald die Hüfte absinkt, und wechseln Sie die Seite.</translation>
        </message>
        <message>
            <source>The hip of the free leg sinks: put the foot down again.</source>
            <translation>Die Hüfte des freien Beins sinkt ab: Setzen Sie den Fuß wieder auf.</translation>
        </message>
        <message>
            <source>Arching the lower back.</source>
            <translation>Ins Hohlkreuz gehen.</translation>
        </message>
        <message>
            <source>Side-lying leg lift</source>
            <translation>Beinheben in Seitenlage</translation>
        </message>
        <message>
            <source>Trains the side of the hip, which keeps the pelvis level when you walk.</source>
            <translation>Trainiert die seitlichen Hüftmuskeln, die das Becken beim Gehen gerade halten.</translation>
        </message>
        <message>
            <source>from the front or from your feet, a little to the front, so that it sees your face</source>
            <translation>von vorn oder von den Füßen her, etwas nach vorn versetzt, sodass Ihr Gesicht zu sehen ist</translation>
        </message>
        <message>
            <source>Lie on your side, the lower leg a little bent, the upper one straight.</source>
            <translation>Legen Sie sich auf die Seite, das untere Bein etwas angewinkelt, das obere gestreckt.</translation>
        </message>
        <message>
            <source>Lift the upper leg until the foot is some 40 to 50 cm up, the thigh slightly behind your body, toes pointing ahead.</source>
            <translation>Heben Sie das obere Bein, bis der Fuß etwa 40 bis 50 cm hoch ist, den Oberschenkel leicht hinter dem Körper, die Zehen nach vorn.</translation>
        </message>
        <message>
            <source>Lower it slowly, and lift again before it comes to rest.</source>
            <translation>Senken Sie es langsam und heben Sie es wieder, bevor es aufliegt.</translation>
        </message>
        <message>
            <source>The pelvis rolls backward.</source>
            <translation>Das Becken rollt nach hinten.</translation>
        </message>
        <message>
            <source>The leg comes forward, so that the front of the hip does the work.</source>
            <translation>Das Bein kommt nach vorn, sodass die Vorderseite der Hüfte die Arbeit macht.</translation>
        </message>
        <message>
            <source>Lifting too high: the thigh rises by 25 to 40°, no further.</source>
            <translation>Zu hoch heben: Der Oberschenkel hebt sich um 25 bis 40°, nicht weiter.</translation>
        </message>
        <message>
            <source>1 set of {repetitions}</source>
            <translation>1 Satz zu {repetitions}</translation>
        </message>
        <message>
            <source>{sets} sets of {repetitions}</source>
            <translation>{sets} Sätze zu je {repetitions}</translation>
        </message>
        <message>
            <source>hold {hold} s</source>
            <translation>{hold} s halten</translation>
        </message>
        <message>
            <source>1 hold of {hold} s</source>
            <translation>1-mal {hold} s halten</translation>
        </message>
        <message>
            <source>{sets} holds of {hold} s</source>
            <translation>{sets}-mal {hold} s halten</translation>
        </message>
        <message>
            <source>each side</source>
            <translation>je Seite</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there are {more} more repetitions.</source>
            <translation>An den letzten beiden Tagen haben Sie alles geschafft; deshalb sind es {more} Wiederholungen mehr.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so there is one more repetition.</source>
            <translation>An den letzten beiden Tagen haben Sie alles geschafft; deshalb ist es eine Wiederholung mehr.</translation>
        </message>
        <message>
            <source>You did all of it on the last two days, so hold {more} s longer.</source>
            <translation>An den letzten beiden Tagen haben Sie alles geschafft; halten Sie deshalb {more} s länger.</translation>
        </message>
        <message>
            <source>This has become easy. Next comes a band or a small weight; the repetitions start again.</source>
            <translation>Das ist leicht geworden. Jetzt kommt ein Band oder ein kleines Gewicht dazu; die Wiederholungen beginnen von vorn.</translation>
        </message>
        <message>
            <source>a band or a small weight</source>
            <translation>ein Band oder ein kleines Gewicht</translation>
        </message>
        <message>
            <source>It hurt last time, so there is less today. Leave it out if it hurts again.</source>
            <translation>Letztes Mal hat es wehgetan; deshalb ist es heute weniger. Lassen Sie es weg, wenn es wieder wehtut.</translation>
        </message>
        <message>
            <source>It hurt last time, and there is no smaller dose of this. Leave it out until you have asked somebody.</source>
            <translation>Letztes Mal hat es wehgetan, und weniger davon geht nicht. Lassen Sie es weg, bis Sie jemanden gefragt haben.</translation>
        </message>
        <message>
            <source>At least one set.</source>
            <translation>Mindestens ein Satz.</translation>
        </message>
        <message>
            <source>{sets} sets are a great many; two or three are usual.</source>
            <translation>{sets} Sätze sind sehr viele; üblich sind zwei oder drei.</translation>
        </message>
        <message>
            <source>At least one repetition.</source>
            <translation>Mindestens eine Wiederholung.</translation>
        </message>
        <message>
            <source>{repetitions} repetitions are a great many; 8 to 15 are usual.</source>
            <translation>{repetitions} Wiederholungen sind sehr viele; üblich sind 8 bis 15.</translation>
        </message>
        <message>
            <source>A hold of less than a second cannot be timed; put 0 for none.</source>
            <translation>Weniger als eine Sekunde Halten lässt sich nicht messen; 0 heißt: ohne Halten.</translation>
        </message>
        <message>
            <source>{hold} seconds are very long; 2 to 30 are usual.</source>
            <translation>{hold} Sekunden sind sehr lang; üblich sind 2 bis 30.</translation>
        </message>
        <message>
            <source>The hold is not a number of seconds; 2 to 30 are usual.</source>
            <translation>Die Haltezeit ist keine Zahl in Sekunden; üblich sind 2 bis 30.</translation>
        </message>
        <message>
            <source>This exercise alone takes about {minutes} minutes; a whole routine of ten is usual.</source>
            <translation>Diese Übung allein dauert etwa {minutes} Minuten; üblich sind zehn für ein ganzes Programm.</translation>
        </message>
        <message>
            <source>Two or three days a week are enough; muscles grow on the days between.</source>
            <translation>Zwei oder drei Tage in der Woche genügen; Muskeln wachsen an den Tagen dazwischen.</translation>
        </message>
        <message>
            <source>Come into the picture</source>
            <translation>Kommen Sie ins Bild</translation>
        </message>
        <message>
            <source>Please come into the picture.</source>
            <translation>Bitte kommen Sie ins Bild.</translation>
        </message>
        <message>
            <source>One person only</source>
            <translation>Nur eine Person</translation>
        </message>
        <message>
            <source>Please, one person only in the picture.</source>
            <translation>Bitte nur eine Person im Bild.</translation>
        </message>
        <message>
            <source>Whole body, please</source>
            <translation>Bitte ganz ins Bild</translation>
        </message>
        <message>
            <source>Please move so that your whole body is in the picture.</source>
            <translation>Bitte rücken Sie so, dass Ihr ganzer Körper im Bild ist.</translation>
        </message>
        <message>
            <source>Lie on your back</source>
            <translation>Auf den Rücken legen</translation>
        </message>
        <message>
            <source>Please lie on your back, knees bent.</source>
            <translation>Bitte legen Sie sich auf den Rücken, mit angewinkelten Knien.</translation>
        </message>
        <message>
            <source>Lie on your side</source>
            <translation>Auf die Seite legen</translation>
        </message>
        <message>
            <source>Please lie on your side.</source>
            <translation>Bitte legen Sie sich auf die Seite.</translation>
        </message>
        <message>
            <source>Lie across the picture</source>
            <translation>Quer ins Bild legen</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees you from the side.</source>
            <translation>Bitte legen Sie sich so, dass die Kamera Sie von der Seite sieht.</translation>
        </message>
        <message>
            <source>Face or feet to the camera</source>
            <translation>Gesicht oder Füße zur Kamera</translation>
        </message>
        <message>
            <source>Please lie so that the camera sees your front, or your feet from a little in front.</source>
            <translation>Bitte legen Sie sich so, dass die Kamera Sie von vorn sieht oder von den Füßen her, etwas von vorn.</translation>
        </message>
        <message>
            <source>Bend your knees</source>
            <translation>Knie anwinkeln</translation>
        </message>
        <message>
            <source>Please bend your knees, feet flat on the floor.</source>
            <translation>Bitte winkeln Sie die Knie an, die Füße flach auf dem Boden.</translation>
        </message>
        <message>
            <source>Stretch one leg out</source>
            <translation>Ein Bein strecken</translation>
        </message>
        <message>
            <source>Please stretch one leg out.</source>
            <translation>Bitte strecken Sie ein Bein aus.</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>Heben</translation>
        </message>
        <message>
            <source>Lift.</source>
            <translation>Heben.</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>Halten</translation>
        </message>
        <message>
            <source>Hold.</source>
            <translation>Halten.</translation>
        </message>
        <message>
            <source>Lower slowly</source>
            <translation>Langsam senken</translation>
        </message>
        <message>
            <source>And lower slowly.</source>
            <translation>Und langsam senken.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Done. Well done.</source>
            <translation>Fertig. Gut gemacht.</translation>
        </message>
        <message>
            <source>The picture is black</source>
            <translation>Das Bild ist schwarz</translation>
        </message>
        <message>
            <source>The camera's picture is black. Is something in front of it?</source>
            <translation>Das Kamerabild ist schwarz. Ist etwas davor?</translation>
        </message>
        <message>
            <source>The picture is frozen</source>
            <translation>Das Bild steht still</translation>
        </message>
        <message>
            <source>The camera's picture does not move any more.</source>
            <translation>Das Kamerabild bewegt sich nicht mehr.</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>Kein Bild</translation>
        </message>
        <message>
            <source>The camera sends no pictures. Please wait.</source>
            <translation>Die Kamera liefert keine Bilder. Bitte warten Sie.</translation>
        </message>
        <message>
            <source>A little higher</source>
            <translation>Etwas höher</translation>
        </message>
        <message>
            <source>A little higher.</source>
            <translation>Etwas höher.</translation>
        </message>
        <message>
            <source>Not quite so high</source>
            <translation>Nicht ganz so hoch</translation>
        </message>
        <message>
            <source>Not quite so high, and do not arch your lower back.</source>
            <translation>Nicht ganz so hoch, und gehen Sie nicht ins Hohlkreuz.</translation>
        </message>
        <message>
            <source>Feet further away</source>
            <translation>Füße weiter weg</translation>
        </message>
        <message>
            <source>Put your feet a little further away from you.</source>
            <translation>Stellen Sie die Füße etwas weiter weg.</translation>
        </message>
        <message>
            <source>Feet closer</source>
            <translation>Füße näher heran</translation>
        </message>
        <message>
            <source>Put your feet a little closer to you.</source>
            <translation>Stellen Sie die Füße etwas näher heran.</translation>
        </message>
        <message>
            <source>The hip sinks: rest</source>
            <translation>Hüfte sinkt: ausruhen</translation>
        </message>
        <message>
            <source>The hip sinks. Put the foot down and rest.</source>
            <translation>Die Hüfte sinkt ab. Setzen Sie den Fuß ab und ruhen Sie sich aus.</translation>
        </message>
        <message>
            <source>Not so high</source>
            <translation>Nicht so hoch</translation>
        </message>
        <message>
            <source>Not so high.</source>
            <translation>Nicht so hoch.</translation>
        </message>
        <message>
            <source>Leg further back</source>
            <translation>Bein weiter nach hinten</translation>
        </message>
        <message>
            <source>Take the leg a little further back.</source>
            <translation>Führen Sie das Bein etwas weiter nach hinten.</translation>
        </message>
        <message>
            <source>Leg less far back</source>
            <translation>Bein weniger nach hinten</translation>
        </message>
        <message>
            <source>Not quite so far back with the leg.</source>
            <translation>Führen Sie das Bein nicht ganz so weit nach hinten.</translation>
        </message>
        <message>
            <source>Hips still, toes to the front</source>
            <translation>Hüfte ruhig, Zehen nach vorn</translation>
        </message>
        <message>
            <source>Roll your hips a little forward, and point your toes to the front.</source>
            <translation>Drehen Sie die Hüfte etwas nach vorn und lassen Sie die Zehen nach vorn zeigen.</translation>
        </message>
        <message>
            <source>Slower</source>
            <translation>Langsamer</translation>
        </message>
        <message>
            <source>Slower, please.</source>
            <translation>Bitte langsamer.</translation>
        </message>
    </context>
</TS>
