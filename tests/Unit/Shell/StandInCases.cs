namespace Acm.Tests.Shell;

internal static class StandInCases
{
    public static readonly IReadOnlyList<StandInCase> All =
    [
        new("Get-ChildItem_gives_FileInfo_with_the_providers_properties", """
            New-Item a.json, b.txt | Out-Null; New-Item sub -ItemType Directory | Out-Null; New-Item sub/c.json | Out-Null
            $first = Get-ChildItem *.json
            $first.GetType().Name; $first.PSChildName; $first.PSPath.Contains('FileSystem::')
            (Get-ChildItem -Recurse -Include *.json | ForEach-Object Name) -join ','
            (Get-ChildItem -Directory).Name; (Get-ChildItem -File | ForEach-Object Name) -join ','
            """, "FileInfo\na.json\nTrue\na.json,c.json\nsub\na.json,b.txt"),
        new("Get-ChildItem_of_a_missing_path_is_an_error_and_the_next_path_is_listed", """
            New-Item sub/x -Force | Out-Null
            (Get-ChildItem nope, sub -ErrorVariable failed -ErrorAction SilentlyContinue).Name; $failed[0].CategoryInfo.Category
            """, "x\nObjectNotFound"),
        new("What_a_later_command_throws_is_not_caught_by_an_earlier_one", """
            New-Item a.txt -Value x | Out-Null
            try { Get-ChildItem | ForEach-Object { throw 'later' } } catch { "caught $_" }
            try { Get-Content a.txt | ForEach-Object { throw 'later' } } catch { "caught $_" }
            """, "caught later\ncaught later"),
        new("Get-Content_gives_lines_that_know_their_file", """
            [IO.File]::WriteAllText("$here/a.txt", "one`ntwo`n")
            Get-Content a.txt; (Get-Content a.txt)[0].PSChildName; (Get-Content a.txt)[1].ReadCount; Get-Content a.txt -Tail 1; Get-Content a.txt -TotalCount 1
            """, "one\ntwo\na.txt\n2\ntwo\none"),
        new("Get-Content_Raw_is_one_string_with_its_line_ends", """
            [IO.File]::WriteAllText("$here/a.txt", "one`r`ntwo`n")
            (Get-Content a.txt -Raw).Length; (Get-Content Function:prompt).Length -gt 0
            """, "9\nTrue"),
        new("Set-Content_writes_lines_and_no_mark", """
            'x', '中' | Set-Content a.txt; Set-Content b.txt -Value 1, 2 -NoNewline
            [Convert]::ToHexString([IO.File]::ReadAllBytes("$here/a.txt")); Get-Content b.txt -Raw
            """, "780AE4B8AD0A\n12"),
        new("Encodings_are_taken_by_name_and_by_code_page", """
            Set-Content a.txt '中' -Encoding gb18030 -NoNewline; Set-Content b.txt '中' -Encoding utf8BOM -NoNewline
            [Convert]::ToHexString([IO.File]::ReadAllBytes("$here/a.txt")); Get-Content a.txt -Encoding 936; Get-Content b.txt
            try { Get-Content a.txt -Encoding nonesuch } catch { $_.FullyQualifiedErrorId }
            """, "D6D0\n中\n中\nParameterArgumentTransformationError,AcmShell.Commands.GetContentCommand"),
        new("New-Item_makes_files_and_folders_and_Force_overwrites", """
            (New-Item sub -ItemType Directory).GetType().Name; (New-Item -Path sub -Name a.txt -Value hi).Length
            try { New-Item sub/a.txt -ErrorAction Stop } catch { $_.CategoryInfo.Category }
            (New-Item sub/a.txt -Value longer -Force).Length
            """, "DirectoryInfo\n2\nWriteError\n6"),
        new("Remove-Item_takes_wildcards_pipelines_and_Recurse", """
            New-Item a.txt, b.txt, sub/c.txt -Force | Out-Null
            Remove-Item *.txt -WhatIf; Get-ChildItem *.txt | Remove-Item; Remove-Item sub -Recurse; @(Get-ChildItem).Count
            try { Remove-Item gone -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            Remove-Item gone*
            """, "What if: Performing the operation \"Remove File\" on target \"HERE/a.txt\".\nWhat if: Performing the operation \"Remove File\" on target \"HERE/b.txt\".\n0\nPathNotFound,AcmShell.Commands.RemoveItemCommand"),
        new("Test-Path_tells_files_from_folders", """
            New-Item a.txt | Out-Null
            (Test-Path a.txt), (Test-Path a.txt -PathType Container), (Test-Path . -PathType Container), (Test-Path *.txt), (Test-Path -LiteralPath *.txt), (Test-Path nope:x) -join ','
            """, "True,False,True,True,False,False"),
        new("Join-Path_joins_any_number", "Join-Path a b; Join-Path a/ /b c d", "a/b\na/b/c/d"),
        new("Select-Object_makes_objects_of_the_named_properties", """
            $o = [pscustomobject]@{ a = 1; b = 2; c = 3 } | Select-Object a, @{ n = 'twice'; e = { $_.b * 2 } }, missing
            $o.PSTypeNames[0]; $o; ([pscustomobject]@{ aa = 1; ab = 2; b = 3 } | Select-Object a* -ExcludeProperty ab).PSObject.Properties.Name
            """, "Selected.System.Management.Automation.PSCustomObject\n\na twice missing\n- ----- -------\n1     4 \naa"),
        new("Select-Object_First_stops_what_comes_before", """
            & { try { 1; 2; 3; 'not reached' } finally { } } | Select-Object -First 2
            & { while ($true) { 7 } } | Select-Object -First 1
            'after'
            """, "1\n2\n7\nafter"),
        new("Select-Object_cuts_by_First_Last_and_Skip", """
            (1..9 | Select-Object -First 2 -Skip 3) -join ','; (1..9 | Select-Object -Last 2) -join ','; (1..9 | Select-Object -Last 2 -Skip 1) -join ','
            (1..9 | Select-Object -Skip 7) -join ','; (1..9 | Select-Object -First 1 -Last 1) -join ','; (1..9 | Select-Object -First 0) -join ','; (1, 2, 1 | Select-Object -Unique) -join ','
            """, "4,5\n8,9\n7,8\n8,9\n1,9\n\n1,2"),
        new("Select-Object_ExpandProperty_gives_the_values", """
            [pscustomobject]@{ v = 1, 2 } | Select-Object -ExpandProperty v
            try { [pscustomobject]@{ v = 1 } | Select-Object -ExpandProperty w -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            """, "1\n2\nExpandPropertyNotFound,AcmShell.Commands.SelectObjectCommand"),
        new("Sort-Object_sorts_by_several_keys_and_keeps_the_order_of_equals", """
            (3, 1, 2 | Sort-Object) -join ','; ('b', 'A', 'c' | Sort-Object -Descending) -join ','; (2, 1, 2 | Sort-Object -Unique) -join ','
            $r = @{ n = 'x'; v = 1 }, @{ n = 'y'; v = 2 }, @{ n = 'z'; v = 1 } | ForEach-Object { [pscustomobject]$_ }
            ($r | Sort-Object v | ForEach-Object n) -join ','; ($r | Sort-Object @{ e = 'v'; Descending = $true }, n | ForEach-Object n) -join ','; ($r | Sort-Object { -$_.v } | ForEach-Object n) -join ','
            """, "1,2,3\nc,b,A\n1,2\nx,z,y\ny,x,z\ny,x,z"),
        new("Measure-Object_counts_and_sums", """
            (1..4 | Measure-Object).Count; $m = 1..4 | Measure-Object -Sum -Average -Maximum -Minimum; "$($m.Sum),$($m.Average),$($m.Maximum),$($m.Minimum)"
            ('ab', 'c' | Measure-Object Length -Sum).Sum; $m.Sum.GetType().Name
            """, "4\n10,2.5,4,1\n3\nDouble"),
        new("Format-Table_and_Format-List_are_the_engines_own", """
            $o = [pscustomobject]@{ a = 1; b = 'x' }
            $o | Format-Table b, a; $o | Format-List a; $o | Format-Table @{ n = 'Sum'; e = { $_.a + 1 } } -HideTableHeaders
            """, "b a\n- -\nx 1\n\n\na : 1\n\n\n  2"),
        new("Out-String_gives_what_the_screen_would_show", """
            ([pscustomobject]@{ a = 1 } | Out-String).Replace([Environment]::NewLine, '/'); @('x', 'y' | Out-String -Stream).Count
            """, "/a/-/1//\n2"),
        new("Write-Host_joins_and_Write-Output_enumerates", """
            Write-Host a b 3; Write-Host 'no' -NoNewline; Write-Host 1, 2 -Separator '-'; @(Write-Output 1, 2 3).Count; @(Write-Output (1, 2) -NoEnumerate).Count
            """, "a b 3\nno\n1-2\n2\n1"),
        new("ConvertTo-Json_writes_the_text_of_the_real_one", """
            [ordered]@{ a = 1; b = @('中', $null, $true); c = @{}; d = @(); e = [DayOfWeek]::Friday; f = 1.5 } | ConvertTo-Json
            1, 2 | ConvertTo-Json -Compress; , 1 | ConvertTo-Json -AsArray -Compress; @{ e = [DayOfWeek]::Friday } | ConvertTo-Json -EnumsAsStrings -Compress
            """, "{\n  \"a\": 1,\n  \"b\": [\n    \"中\",\n    null,\n    true\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": 5,\n  \"f\": 1.5\n}\n[1,2]\n[1]\n{\"e\":\"Friday\"}"),
        new("ConvertTo-Json_cuts_at_its_depth_and_says_so", """
            @{ a = @{ b = @{ c = @{ d = 1 } } } } | ConvertTo-Json -Compress -WarningVariable warned; $warned.Count; @{ a = @{ b = 1 } } | ConvertTo-Json -Depth 5 -Compress
            """, "Resulting JSON is truncated as serialization has exceeded the set depth of 2.\n{\"a\":{\"b\":{\"c\":\"System.Collections.Hashtable\"}}}\n1\n{\"a\":{\"b\":1}}"),
        new("ConvertFrom-Json_gives_objects_or_tables", """
            $o = '{"a":{"b":[1,"x"]},"n":null}' | ConvertFrom-Json
            $o.a.b[1]; $o.a.b[0].GetType().Name; $null -eq $o.n; ('{"a":1,"A":2}' | ConvertFrom-Json -AsHashtable)['A']; ('[1,2]' | ConvertFrom-Json).Count
            ('{', '"a":1', '}' | ConvertFrom-Json).a
            try { '{bad' | ConvertFrom-Json } catch { $_.Exception.GetType().Name }
            """, "x\nInt64\nTrue\n2\n2\n1\nArgumentException"),
        new("ConvertTo-SecureString_keeps_the_text", """
            $s = ConvertTo-SecureString 'abc' -AsPlainText -Force; $s.GetType().Name; [Net.NetworkCredential]::new('', $s).Password
            """, "SecureString\nabc"),
        new("New-Object_constructs_and_sets_properties", """
            (New-Object UriBuilder 'http', 'h', 8 -Property @{ Path = 'p' }).Uri.AbsoluteUri; (New-Object psobject -Property @{ a = 1 }).a; (New-Object byte[] 3).Length
            try { New-Object Nope.Type } catch { $_.FullyQualifiedErrorId }
            """, "http://h:8/p\n1\n3\nTypeNotFound,AcmShell.Commands.NewObjectCommand"),
        new("Events_are_registered_listed_waited_for_and_unregistered", """
            $job = Register-EngineEvent -SourceIdentifier acted -Action {
                $global:seen = "$($Event.MessageData):$args"; $null = $ExecutionContext.Events.GenerateEvent('queued', $null, @(), 'more')
            } -MaxTriggerCount 2
            $job.GetType().Name; (Get-EventSubscriber acted).SourceIdentifier
            $null = $ExecutionContext.Events.GenerateEvent('acted', $null, @(7), 'data')
            (Wait-Event queued -Timeout 30).MessageData; $global:seen; @(Get-Event).Count; @(Wait-Event other -Timeout 0).Count
            Unregister-Event acted; @(Get-EventSubscriber).Count
            try { Unregister-Event acted -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            """, "PSEventJob\nacted\nmore\ndata:7\n1\n0\n0\nINVALID_SOURCE_IDENTIFIER,AcmShell.Commands.UnregisterEventCommand"),
        new("Remove-Event_takes_events_out_of_the_queue", """
            Remove-Event *; foreach ($source in 'a', 'a', 'b', 'c') { $null = $ExecutionContext.Events.GenerateEvent($source, $null, @(), $null, $true, $false) }
            Remove-Event -SourceIdentifier a; @(Get-Event).SourceIdentifier -join ','
            Get-Event b | Remove-Event; Remove-Event c -WhatIf; @(Get-Event).SourceIdentifier -join ','
            Remove-Event *; @(Get-Event).Count
            try { Remove-Event gone -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            """, "What if: Performing the operation \"Remove\" on target \"Event 'c'\".\nb,c\nc\n0\nINVALID_SOURCE_IDENTIFIER,AcmShell.Commands.RemoveEventCommand"),
        new("Wait-Event_lets_actions_run_while_it_waits", """
            $null = Register-EngineEvent -SourceIdentifier tick -Action { $null = $ExecutionContext.Events.GenerateEvent('ticked', $null, @(), 'ran') }
            $events = $ExecutionContext.Events
            $thread = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript('param($events) $null = $events.GenerateEvent("tick", $null, @(), $null)').AddArgument($events)
            $running = $thread.BeginInvoke()
            (Wait-Event ticked -Timeout 30).MessageData
            $null = $thread.EndInvoke($running); Unregister-Event tick
            """, "ran"),
        new("Start-Sleep_takes_seconds_milliseconds_and_spans", "Start-Sleep -Milliseconds 0; Start-Sleep 0; Start-Sleep -Duration ([timespan]::Zero); 'awake'", "awake"),
        new("A_parameter_that_a_stand_in_lacks_is_an_error", """
            try { Get-Content x -Stream y } catch { $_.FullyQualifiedErrorId }
            """, "NamedParameterNotFound,AcmShell.Commands.GetContentCommand"),
    ];
}
