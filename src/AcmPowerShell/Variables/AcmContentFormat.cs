namespace AcmPowerShell;

/// <summary>How a configuration becomes variables.</summary>
public enum AcmContentFormat
{
    /// <summary>By the ending of the data id: .json, .properties and .env are taken apart, all else is text.</summary>
    Auto,

    /// <summary>One variable with the whole content.</summary>
    Text,

    /// <summary>A JSON object: one variable a value, named by its path.</summary>
    Json,

    /// <summary>Java properties: one variable a line.</summary>
    Properties,

    /// <summary>NAME=value lines: one variable a line.</summary>
    DotEnv,
}
