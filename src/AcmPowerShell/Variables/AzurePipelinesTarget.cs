using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>
/// An Azure Pipelines job. Variables and masks are logging commands on standard output. Secret variables are not in the environment of later tasks, which have to map them.
/// Source: Microsoft's documentation of logging commands.
/// </summary>
internal sealed class AzurePipelinesTarget(Func<string, string?> environment, TextWriter output, bool asOutput) : IVariableTarget
{
    private static readonly Regex DecodedByAgents = new("%(?:0D|0A|3B|5D)", RegexOptions.CultureInvariant);

    // Agents decode %AZP25 as a percent sign, unless the pipeline sets DECODE_PERCENTS to false.
    private readonly bool _decodesPercents = !string.Equals(environment("DECODE_PERCENTS"), "false", StringComparison.OrdinalIgnoreCase);
    private readonly bool _allowsMultilineSecrets = string.Equals(environment("SYSTEM_UNSAFEALLOWMULTILINESECRET"), "true", StringComparison.OrdinalIgnoreCase);

    public string Description => asOutput ? "output variables of this step" : "variables of the later tasks";

    public IEnumerable<string> Notes => [];

    public string? Refuse(AcmVariable variable)
    {
        if (IsSecret(variable) && !_allowsMultilineSecrets && variable.Value.IndexOfAny(['\r', '\n']) >= 0)
            return "a multiline secret, which agents reject. Specify -EncodeMultilineSecret to encode it as Base64.";
        return RefuseMask(variable.Value);
    }

    public string? RefuseMask(string text) => !_decodesPercents && DecodedByAgents.Match(text) is { Success: true } code
        ? $"whose text '{code.Value}' agents decode to another character if DECODE_PERCENTS is false. Remove DECODE_PERCENTS from the pipeline's variables."
        : null;

    // Agents also reject multiline masks. Their lines are masked separately.
    public void Mask(IEnumerable<string> texts)
    {
        foreach (string text in texts.Where(text => text.IndexOfAny(['\r', '\n']) < 0 && RefuseMask(text) is null)) output.WriteLine("##vso[task.setsecret]" + Data(text));
        output.Flush();
    }

    public void Set(IReadOnlyList<AcmVariable> variables)
    {
        foreach (AcmVariable variable in variables)
            output.WriteLine($"##vso[task.setvariable variable={variable.Name}{(asOutput ? ";isOutput=true" : "")}{(IsSecret(variable) ? ";issecret=true" : "")}]{Data(variable.Value)}");
        output.Flush();
    }

    // Agents mask the values of secret variables, and a number or "true" would be masked all over the log.
    private static bool IsSecret(AcmVariable variable) => variable.IsSecret && SecretMasks.CanMask(variable.Value);

    private string Data(string text) => (_decodesPercents ? text.Replace("%", "%AZP25") : text).Replace("\r", "%0D").Replace("\n", "%0A");
}
