namespace AcmPowerShell;

/// <summary>Specifies how content is converted to variables.</summary>
public enum AcmContentFormat
{
    /// <summary>By the extension of the data ID: .json, .properties and .env are parsed, others are text.</summary>
    Auto,

    /// <summary>One variable with the whole content.</summary>
    Text,

    /// <summary>A JSON object: a variable for each value, named by its path.</summary>
    Json,

    /// <summary>Java properties: a variable for each property.</summary>
    Properties,

    /// <summary>NAME=value lines: a variable for each line.</summary>
    DotEnv,
}
