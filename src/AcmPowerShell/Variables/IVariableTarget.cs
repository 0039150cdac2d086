namespace AcmPowerShell;

/// <summary>What takes variables.</summary>
internal interface IVariableTarget
{
    /// <summary>What it is called in messages.</summary>
    string Description { get; }

    /// <summary>What a person should know of what was set, as sentences; asked after <see cref="Set"/>.</summary>
    IEnumerable<string> Notes { get; }

    /// <summary>Why it can't take a variable, as the rest of a sentence that begins with the name; null where it can.</summary>
    string? Refuse(AcmVariable variable);

    /// <summary>Why it can't hide a text, as the rest of a sentence that begins with it, without the text; null where it can.</summary>
    string? RefuseMask(string text);

    /// <summary>Has texts hidden from whatever is printed from now on. Comes before all else.</summary>
    void Mask(IEnumerable<string> texts);

    /// <summary>Sets variables for what comes later, all of them or none.</summary>
    void Set(IReadOnlyList<AcmVariable> variables);
}
