using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AcmShell.Commands;

[Cmdlet(VerbsData.ConvertFrom, "Json")]
internal sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _input = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 1024;

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => _input.Add(InputObject);

    protected override void EndProcessing()
    {
        // Either every string is JSON of its own, or all are the lines of one text: the first tells.
        if (_input.Count > 1 && TryParse(_input[0], out JToken? first, out _))
        {
            Write(first);
            foreach (string text in _input.Skip(1)) Write(Parse(text));
        }
        else
        {
            Write(Parse(string.Join(Environment.NewLine, _input)));
        }
    }

    private void Write(JToken? token) => WriteObject(token is null ? null : Plain(token), enumerateCollection: !NoEnumerate);

    private JToken? Parse(string text)
    {
        if (TryParse(text, out JToken? token, out JsonException? error)) return token;
        ThrowTerminatingError(new ErrorRecord(
            new ArgumentException($"Conversion from JSON failed with error: {error!.Message}", error),
            "System.ArgumentException",
            ErrorCategory.NotSpecified,
            targetObject: null));
        return null;
    }

    private bool TryParse(string text, out JToken? token, out JsonException? error)
    {
        (token, error) = (null, null);
        if (string.IsNullOrWhiteSpace(text)) return true;
        try
        {
            token = JsonConvert.DeserializeObject<JToken>(
                text, new JsonSerializerSettings { MaxDepth = Depth, MetadataPropertyHandling = MetadataPropertyHandling.Ignore });
            return true;
        }
        catch (JsonException e)
        {
            error = e;
            return false;
        }
    }

    private object? Plain(JToken token) => token switch
    {
        JArray items => items.Select(Plain).ToArray(),
        JObject fields when AsHashtable => Table(fields),
        JObject fields => Object(fields),
        JValue value => value.Value,
        _ => token.ToString(),
    };

    private PSObject Object(JObject fields)
    {
        var result = new PSObject();
        foreach ((string name, JToken? value) in fields)
        {
            // PowerShell's properties ignore case, JSON's do not: what differs by case only can't be one object.
            if (result.Properties[name] is not null)
            {
                ThrowTerminatingError(new ErrorRecord(
                    new InvalidOperationException($"The JSON has keys that differ by case only ('{name}'). Use -AsHashtable."),
                    "KeysWithDifferentCasingInJsonString",
                    ErrorCategory.InvalidOperation,
                    targetObject: null));
            }

            result.Properties.Add(new PSNoteProperty(name, value is null ? null : Plain(value)));
        }

        return result;
    }

    private OrderedHashtable Table(JObject fields)
    {
        var result = new OrderedHashtable();
        foreach ((string name, JToken? value) in fields) result.Add(name, value is null ? null : Plain(value));
        return result;
    }
}
