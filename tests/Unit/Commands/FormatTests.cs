using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The views of the format file.</summary>
public sealed class FormatTests
{
    private static XDocument File { get; } = XDocument.Load(Path.Combine(Path.GetDirectoryName(ModuleShell.Manifest)!, "Acm.Format.ps1xml"));

    public static TheoryData<string> OutputTypes
    {
        get
        {
            using ModuleShell shell = ModuleShell.Open();
            return [.. shell.Run("(Get-Command -Module Acm).OutputType.Name | Where-Object { $_ -like 'Acm*' }").ThrowOnError().Texts.Distinct()];
        }
    }

    [Theory]
    [MemberData(nameof(OutputTypes))]
    public void What_a_command_writes_has_a_table_a_list_and_a_default_property_set(string type)
    {
        IEnumerable<XElement> views = File.Descendants("View").Where(view => view.Element("ViewSelectedBy")!.Elements("TypeName").Any(name => name.Value == type)).ToList();
        XDocument types = XDocument.Load(Path.Combine(Path.GetDirectoryName(ModuleShell.Manifest)!, "Acm.Types.ps1xml"));

        Assert.True(views.Any(view => view.Element("TableControl") is not null), "There is no table.");
        Assert.True(views.Any(view => view.Element("ListControl") is not null), "There is no list.");
        Assert.True(
            types.Descendants("Type").Any(entry => entry.Element("Name")!.Value == type && entry.Descendants("Name").Any(name => name.Value == "DefaultDisplayPropertySet")),
            "There is no default property set.");
    }

    // Without a width, PowerShell waits for all rows to compute the column widths, so nothing streams.
    [Fact]
    public void The_first_column_of_each_table_has_a_width_and_no_table_sizes_itself()
    {
        Assert.Empty(File.Descendants("AutoSize"));
        Assert.All(File.Descendants("TableHeaders"), headers => Assert.NotNull(headers.Elements().First().Element("Width")));
    }

    [Fact]
    public void Each_table_leaves_room_at_eighty_columns_and_cuts_nothing() => Assert.All(File.Descendants("TableControl"), table =>
    {
        List<XElement> headers = [.. table.Element("TableHeaders")!.Elements()];
        int widths = headers.Sum(header => (int?)header.Element("Width") ?? 0);
        int open = headers.Count(header => header.Element("Width") is null);

        Assert.True(80 - widths - (headers.Count - 1) >= open * 15, $"{table.Parent!.Element("Name")!.Value} needs {widths} columns and leaves too little.");
        Assert.All(table.Descendants("TableRowEntry"), row => Assert.NotNull(row.Element("Wrap")));
        Assert.All(headers.Where(header => header.Element("Width") is not null), header => Assert.True(header.Element("Label")!.Value.Length <= (int)header.Element("Width")!));
    });

    // Other types, and text from this machine, cannot contain control sequences or build commands.
    private static readonly HashSet<string> NoForeignText =
    [
        "Added", "Bytes", "Capabilities", "Changed", "Check", "ConfigCount", "CredentialExpires", "CredentialSource", "Deleted", "Detached", "Direct", "Duration", "EventsDelivered", "Exported", "Failed", "FailoverPath", "GrpcPort", "HasExited",
        "IsComplete", "IsConnected", "IsCurrent", "IsDefault", "IsSecret", "Kind", "LineNumber", "Lines", "KmsAccessKey", "KmsEndpoint", "KmsKeyId", "KmsRegionId", "Md5", "Operation", "Outcome", "NoProxy", "Pending", "Port", "ProcessId", "Protocol", "Proxy", "Quota",
        "Removed", "Secrets", "ServerType", "Size", "SkipCertificateCheck", "SnapshotPath", "Source", "State", "Status", "SubscriptionId", "TimeoutSec", "Tls", "TracePath", "Transport", "Unchanged", "UnitName", "Updated", "Uri", "UseKms", "Version",
    ];

    [Fact]
    public void What_servers_files_and_archives_name_is_cleaned_in_every_view()
    {
        Assert.All(File.Descendants("PropertyName"), name => Assert.Contains(name.Value, NoForeignText));
        Assert.All(File.Descendants("ScriptBlock").Where(block => block.Parent!.Name != "ItemSelectionCondition"), block =>
            Assert.True(
                block.Value.Contains("Display' -as [type])::Text(") || block.Value.Contains("Display' -as [type])::Lines(")
                    || !Regex.IsMatch(block.Value, @"(?<!\()(?<![\w.])\$_\.(Group|DataId|Namespace|Warning|Content|Value|Message|Detail|Path)\b(?! -c?eq)"),
                block.Value));
        Assert.All(
            File.Descendants("View").Where(view => view.Descendants("TypeName").Any(type => type.Value is "Acm.Client.Transfer.TransferSummary" or "AcmPowerShell.AcmConfigDifference")),
            view => Assert.DoesNotContain(view.Descendants("PropertyName"), name => name.Value == "Source"));
    }

    // The first object determines the view; later objects of other types are shown with their default properties.
    [Theory]
    [InlineData("Acm.Client.AcmConfig", "Group DataId")]
    [InlineData("Acm.Client.ConfigItem", "Group DataId AppName")]
    [InlineData("Acm.Client.ConfigListener", "Group DataId AppName")]
    [InlineData("Acm.Client.ConfigNamespace", "Namespace Name Description")]
    [InlineData("Acm.Client.ConnectionCheck", "Detail Cure")]
    [InlineData("Acm.Client.Local.SnapshotInfo", "Group DataId Path")]
    [InlineData("Acm.Client.Transfer.TransferSummary", "Source Target")]
    [InlineData("AcmPowerShell.AcmConfigChange", "Group DataId")]
    [InlineData("AcmPowerShell.AcmConfigRevision", "Group DataId User Address")]
    [InlineData("AcmPowerShell.AcmConfigMatch", "Group DataId Lines")]
    [InlineData("AcmPowerShell.AcmVariable", "Path")]
    public void Objects_of_several_types_in_one_stream_are_cleaned_as_well_and_stay_as_they_are(string type, string properties)
    {
        using ModuleShell shell = ModuleShell.Open();
        string[] names = properties.Split(' ');
        shell["o"] = Sample(type, names.ToDictionary(name => name, object? (name) => $"{name}-\u001b[2J ##vso[x]"));

        string shown = Assert.Single(shell.Run("[version]'1.2', $o | Out-String -Width 400").ThrowOnError().Texts);
        IReadOnlyList<string> raw = shell.Run(string.Join("; ", names.Select(name => $"$o.{name}"))).ThrowOnError().Texts;

        Assert.All(names, name => Assert.Contains($"{name}-", shown, StringComparison.Ordinal));
        Assert.DoesNotContain("\u001b[2J", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("##vso", shown, StringComparison.Ordinal);
        Assert.All(raw, text => Assert.Contains("\u001b[2J", text, StringComparison.Ordinal));
    }

    // Users take a column title for a property name, and Where-Object with a wrong name silently finds nothing.
    [Fact]
    public void Each_title_is_a_property_or_one_that_the_types_file_adds()
    {
        using ModuleShell shell = ModuleShell.Open();
        XDocument types = XDocument.Load(Path.Combine(Path.GetDirectoryName(ModuleShell.Manifest)!, "Acm.Types.ps1xml"));

        Assert.All(File.Descendants("View"), view =>
        {
            string type = view.Element("ViewSelectedBy")!.Element("TypeName")!.Value;
            IEnumerable<string> properties = shell.Run($"[{type}].GetProperties().Name").ThrowOnError().Texts;
            IEnumerable<string> added = types.Descendants("Type").Where(entry => entry.Element("Name")!.Value == type)
                .SelectMany(entry => entry.Element("Members")!.Elements()).Select(member => member.Element("Name")!.Value);
            IEnumerable<string> titles = view.Descendants("Label").Select(label => label.Value).Concat(view.Descendants("PropertyName").Select(name => name.Value)).Where(title => title.Trim().Length > 0);
            Assert.Empty(titles.Except(properties.Concat(added), StringComparer.OrdinalIgnoreCase));
        });
    }

    // In constrained language mode, scripts may only read properties, use operators and call methods of a few types; anything else leaves the column blank.
    [Fact]
    public void No_view_calls_what_constrained_language_forbids()
    {
        IEnumerable<string> scripts = File.Descendants("ScriptBlock").Select(script => script.Value);

        Assert.All(scripts, script =>
        {
            // A forbidden call is caught, and the replacement makes no call.
            int fallback = script.IndexOf(" catch { ", StringComparison.Ordinal);
            string uncaught = fallback < 0 ? script : script[fallback..];
            Assert.DoesNotContain("[Acm", uncaught, StringComparison.Ordinal);
            Assert.Empty(Regex.Matches(uncaught, @"\.(?<method>\w+)\(").Select(match => match.Groups["method"].Value).Except(["ToString", "GetEnumerator"]));
        });
    }

    public static TheoryData<string> ViewedTypes => [.. File.Descendants("ViewSelectedBy").Select(view => view.Element("TypeName")!.Value).Distinct()];

    [Theory]
    [MemberData(nameof(ViewedTypes))]
    public void In_constrained_language_each_cell_shows_its_property(string type)
    {
        using ModuleShell shell = ModuleShell.Open();
        List<XElement> views = [.. File.Descendants("View").Where(view => view.Element("ViewSelectedBy")!.Element("TypeName")!.Value == type)];
        Dictionary<string, object?> values = Values(views);
        shell["o"] = Sample(type, values);
        shell.Run("$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'").ThrowOnError();

        foreach (XElement view in views)
        {
            string shown = Show(shell, view.Element("TableControl") is not null ? "Format-Table" : "Format-List");
            IEnumerable<string> labels = view.Descendants("Label").Select(label => label.Value).Concat(view.Descendants("ListItem").SelectMany(item => item.Elements("PropertyName")).Select(name => name.Value));
            Assert.All(labels.Where(label => label != "Diff" && values.GetValueOrDefault(label) is string), label => Assert.Contains((string)values[label]!, shown, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Acm.Client.ConnectionCheck", "Format-Table", "Status=Failed;Detail=It broke.;Cure=Mend it.", "It broke. Mend it.", null)]
    [InlineData("Acm.Client.ConnectionCheck", "Format-Table", "Status=Ok;Detail=It works.;Cure=Mend it.", "It works.", "Mend")]
    [InlineData("Acm.Client.Local.SnapshotInfo", "Format-Table", "State=Found;Size=4321", "4321", null)]
    [InlineData("Acm.Client.Local.SnapshotInfo", "Format-Table", "State=Damaged;Size=4321", "Damaged", "4321")]
    [InlineData("AcmPowerShell.AcmProfile", "Format-List", "", "one = 1", "GetEnumerator")]
    [InlineData("AcmPowerShell.AcmConfigDifference", "Format-List", "Diff=+a=TOP;RedactedDiff=+a=***", "+a=***", "TOP")]
    [InlineData("AcmPowerShell.AcmConfigDifference", "Format-List", "Diff=", "(could not be read)", null)]
    [InlineData("AcmPowerShell.AcmServer", "Format-Table", "DataPath=", "(in memory)", null)]
    public void In_constrained_language_a_cell_is_made_as_elsewhere(string type, string command, string properties, string expected, string? never)
    {
        using ModuleShell shell = ModuleShell.Open();
        Dictionary<string, object?> values = Values([.. File.Descendants("View").Where(view => view.Element("ViewSelectedBy")!.Element("TypeName")!.Value == type)]);
        foreach (string[] pair in properties.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=', 2))) values[pair[0]] = pair[1].Length == 0 ? null : pair[1];
        shell["o"] = Sample(type, values);
        shell.Run("$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'").ThrowOnError();

        string shown = Show(shell, command);

        Assert.Contains(expected, shown, StringComparison.Ordinal);
        if (never is not null) Assert.DoesNotContain(never, shown, StringComparison.Ordinal);
    }

    private static string Show(ModuleShell shell, string command) => Assert.Single(shell.Run($"$o | {command} | Out-String -Width 400").ThrowOnError().Texts);

    private static PSObject Sample(string type, Dictionary<string, object?> values)
    {
        var sample = new PSObject();
        sample.TypeNames.Insert(0, type);
        foreach ((string name, object? value) in values) sample.Properties.Add(new PSNoteProperty(name, value));
        return sample;
    }

    // Short values for all properties of the view, so that no column wraps.
    private static Dictionary<string, object?> Values(List<XElement> views)
    {
        IEnumerable<string> names = views.SelectMany(view => view.Descendants("ScriptBlock")).SelectMany(script => Regex.Matches(script.Value, @"\$(?:_|o)\.(\w+)").Select(match => match.Groups[1].Value))
            .Concat(views.SelectMany(view => view.Descendants("PropertyName")).Select(name => name.Value)).Distinct();
        Dictionary<string, object?> values = names.Select((name, index) => (name, $"v{index:00}")).ToDictionary(pair => pair.name, object? (pair) => pair.Item2, StringComparer.OrdinalIgnoreCase);
        foreach (string flag in values.Keys.Where(name => name is "IsDecrypted" or "IsEncrypted" or "IsSecret").ToList()) values[flag] = false;
        if (values.ContainsKey("Settings")) values["Settings"] = new System.Collections.Specialized.OrderedDictionary { ["one"] = "1", ["two"] = "2" };
        if (values.ContainsKey("TimeGenerated")) values["TimeGenerated"] = DateTimeOffset.UnixEpoch;
        if (values.ContainsKey("Size") && values.ContainsKey("State")) values["State"] = "Found";
        if (values.ContainsKey("Cure")) values["Status"] = "Failed";
        if (values.ContainsKey("Error"))
        {
            var error = new PSObject();
            error.Properties.Add(new PSNoteProperty("Kind", "kind"));
            error.Properties.Add(new PSNoteProperty("Message", "why"));
            values["Error"] = error;
        }

        return values;
    }

    [Fact]
    public void A_list_leaves_no_secret_and_no_content_that_was_decrypted() =>
        Assert.DoesNotContain(File.Descendants("PropertyName"), name => name.Value is "SecretKey" or "RawContent" or "Content" or "SecurityToken" or "Value");
}
