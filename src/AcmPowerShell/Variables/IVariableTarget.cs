namespace AcmPowerShell;

/// <summary>A target for variables.</summary>
internal interface IVariableTarget
{
    /// <summary>Gets the description for messages.</summary>
    string Description { get; }

    /// <summary>Gets warnings about the variables, as sentences. Available after <see cref="Set"/>.</summary>
    IEnumerable<string> Notes { get; }

    /// <summary>Returns why a variable cannot be set, as the rest of a sentence that starts with the name, or null.</summary>
    string? Refuse(AcmVariable variable);

    /// <summary>Returns why a text cannot be masked, as the rest of a sentence, or null.</summary>
    string? RefuseMask(string text);

    /// <summary>Masks texts in all later output. Must be called first.</summary>
    void Mask(IEnumerable<string> texts);

    /// <summary>Sets all variables.</summary>
    void Set(IReadOnlyList<AcmVariable> variables);
}
